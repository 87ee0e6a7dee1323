"""What the service says of itself, and the files that it offers: right by the standards, and the same in every form."""

from __future__ import annotations

import gzip
import hashlib
import io
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path

import httpx
import pyoxigraph as ox
import pyshacl
import pytest
import rdflib
import zstandard

from kg import iris
from kg.serve.negotiation import GRAPHS
from kg.store import plain
from kg.store.release import Release
from kg.store.releases import DataFolder

Serve = Callable[..., AbstractContextManager[httpx.Client]]
SHAPES = Path(__file__).with_name("catalogue-shapes.ttl")
PREFIXES = """PREFIX void: <http://rdfs.org/ns/void#> PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX dcterms: <http://purl.org/dc/terms/> PREFIX spdx: <http://spdx.org/rdf/terms#>
PREFIX prov: <http://www.w3.org/ns/prov#> PREFIX sd: <http://www.w3.org/ns/sparql-service-description#> """
DOCUMENTS = ("/catalog", "/.well-known/void")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, data_folder: DataFolder) -> DataFolder:
    """Two releases: that of the bundled sources, and one of a part of them that came before."""
    folder = DataFolder.open(tmp_path_factory.mktemp("two") / "data", create=True)
    whole = data_folder.current()
    assert whole
    for names in (("ontology", "meta"), tuple(whole.manifest.segments)):
        with folder.stage() as staging:
            for name in names:
                block = b"".join(whole.lines(name))
                staging.replace_segment(name, [block])  # type: ignore[list-item]
            staging.publish(tool="test", sources=whole.manifest.sources)
    folder.tag(folder.releases()[-1].id, "first")
    return folder


@pytest.fixture(scope="module")
def live(folder: DataFolder) -> Release:
    found = folder.current()
    assert found
    return found


@pytest.fixture(scope="module")
def client(folder: DataFolder, serve: Serve) -> Iterator[httpx.Client]:
    with serve(folder.current, named_queries={}) as client:
        client.headers["accept-encoding"] = "identity"
        yield client


@pytest.fixture(scope="module")
def files(client: httpx.Client, live: Release) -> dict[str, dict[str, object]]:
    """What the list of the live release says of each file, when all have been made."""
    assert client.get(f"/dumps/{live.id}/SHA256SUMS").status_code == 200
    return {each["name"]: each for each in client.get(f"/dumps/{live.id}/").json()["files"]}


def graph(client: httpx.Client, path: str, media_type: str = "text/turtle") -> ox.Dataset:
    response = client.get(path, headers={"accept": media_type})
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].partition(";")[0] == media_type
    parsed = ox.parse(response.content, format=ox.RdfFormat.from_media_type(media_type))
    dataset = ox.Dataset(ox.Quad(*quad.triple) for quad in parsed)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return dataset


def found(client: httpx.Client, path: str, query: str) -> list[tuple[str, ...]]:
    store = ox.Store()
    store.extend(graph(client, path))
    solutions = store.query(PREFIXES + query)
    assert isinstance(solutions, ox.QuerySolutions)
    return [tuple(str(value.value) for value in solution if value) for solution in solutions]


@pytest.mark.parametrize("path", DOCUMENTS)
def test_all_formats_say_the_same(client: httpx.Client, path: str) -> None:
    first, *others = [graph(client, path, media_type) for media_type in GRAPHS.values()]
    assert len(first) > 1000
    assert all(set(other) == set(first) for other in others)


@pytest.mark.parametrize("path", DOCUMENTS)
def test_rdflib_reads_what_the_shapes_ask_for(client: httpx.Client, files: object, path: str) -> None:
    data = rdflib.Graph().parse(data=client.get(path).text, format="turtle")
    conforms, _, text = pyshacl.validate(data, shacl_graph=rdflib.Graph().parse(SHAPES))
    assert conforms, text


def test_the_shapes_find_a_fault(client: httpx.Client) -> None:
    data = rdflib.Graph().parse(data=client.get("/catalog").text, format="turtle")
    data.remove((None, rdflib.DCTERMS.license, None))
    assert not pyshacl.validate(data, shacl_graph=rdflib.Graph().parse(SHAPES))[0]


def test_void_counts_what_sparql_counts(client: httpx.Client) -> None:
    for described, asked in (
        (
            "SELECT ?c ?n { ?d void:sparqlEndpoint ?e ; void:classPartition [ void:class ?c ; void:entities ?n ] }",
            "SELECT ?c (COUNT(DISTINCT ?s) AS ?n) { ?s a ?c } GROUP BY ?c",
        ),
        (
            "SELECT ?p ?n { ?d void:sparqlEndpoint ?e; void:propertyPartition [ void:property ?p ; void:triples ?n ] }",
            "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p",
        ),
        (
            "SELECT ?g ?n { ?d void:sparqlEndpoint ?e ; void:subset ?g . ?g a prov:Entity ; void:triples ?n }",
            "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g",
        ),
    ):
        told = found(client, "/.well-known/void", described)
        rows = client.get("/sparql", params={"query": asked, "format": "csv"}).text.split()[1:]
        assert sorted(told) == sorted(tuple(row.rsplit(",", 1)) for row in rows)


def test_the_description_of_the_service_holds_the_partitions(client: httpx.Client) -> None:
    partitions = "SELECT ?c ?n { ?s sd:defaultDataset/void:classPartition [ void:class ?c ; void:entities ?n ] }"
    void = "SELECT ?c ?n { ?d void:sparqlEndpoint ?e ; void:classPartition [ void:class ?c ; void:entities ?n ] }"
    assert sorted(found(client, "/sparql", partitions)) == sorted(found(client, "/.well-known/void", void)) != []


def test_every_graph_states_its_terms_and_who_made_it(client: httpx.Client, live: Release) -> None:
    query = """SELECT ?g (SAMPLE(?t) AS ?terms) (SAMPLE(?run) AS ?r) {
      ?g prov:wasGeneratedBy ?run { ?g dcterms:license ?t } UNION { ?g dcterms:rights ?t } } GROUP BY ?g"""
    told = {row[0]: row[1] for row in found(client, "/.well-known/void", query)}
    sources = {name for name, record in live.manifest.sources.items() if record.get("licence")}
    graphs = {each for name in sources & live.manifest.segments.keys() for each in live.manifest.segments[name].graphs}
    assert told.keys() == graphs
    assert told[iris.GRAPH_REGISTRY] == "https://creativecommons.org/licenses/by/4.0/"
    assert told[iris.source_graph("ncste")].startswith("Facts only")


def test_releases_are_linked_as_versions(client: httpx.Client, folder: DataFolder) -> None:
    new, old = (f"{iris.BASE}catalog#{release.id}" for release in folder.releases())
    query = "SELECT ?a ?b { ?a dcat:previousVersion ?b ; dcat:prev ?b }"
    assert found(client, "/catalog", query) == [(new, old)]
    query = "SELECT ?last ?first ?now { ?s dcat:last ?last ; dcat:first ?first ; dcat:hasCurrentVersion ?now }"
    assert found(client, "/catalog", query) == [(new, old, new)]


def test_the_catalogue_tells_sizes_and_checksums_that_are_so(
    client: httpx.Client, files: dict[str, dict[str, object]], live: Release
) -> None:
    query = """SELECT ?url ?size ?sum { ?d dcat:downloadURL ?url ; dcat:byteSize ?size ;
      spdx:checksum/spdx:checksumValue ?sum }"""
    told = {url: (int(size), digest) for url, size, digest in found(client, "/catalog", query)}
    assert {url for url in told if live.id in url} == {
        str(client.base_url.join(str(f["href"]))) for f in files.values()
    }
    for url, (size, digest) in told.items():
        content = client.get(url).content
        assert (len(content), hashlib.sha256(content).hexdigest()) == (size, digest)


def test_checksums_are_those_of_the_files(client: httpx.Client, files: dict[str, object], live: Release) -> None:
    lines = client.get(f"/dumps/{live.id}/SHA256SUMS").text.splitlines()
    assert {line.split("  ")[1] for line in lines} == files.keys()
    for line in lines:
        digest, name = line.split("  ")
        assert hashlib.sha256(client.get(f"/dumps/{live.id}/{name}").content).hexdigest() == digest


def test_checksums_of_an_earlier_release_make_nothing(client: httpx.Client, folder: DataFolder) -> None:
    old = folder.find("first")
    citation = client.get(f"/dumps/{old.id}/CITATION.cff").content
    before = client.get(f"/dumps/{old.id}/").json()["files"]
    told = client.get(f"/dumps/{old.id}/SHA256SUMS").text.splitlines()
    assert told == sorted((f"{f['sha256']}  {f['name']}" for f in before if f["sha256"]), key=lambda line: line[66:])
    assert f"{hashlib.sha256(citation).hexdigest()}  CITATION.cff" in told
    assert client.get(f"/dumps/{old.id}/").json()["files"] == before


def test_caches_ask_again_and_are_told_that_they_have_it(client: httpx.Client, live: Release) -> None:
    for name in ("all.nq", "SHA256SUMS"):
        sent = client.get(f"/dumps/{live.id}/{name}")
        assert sent.headers["cache-control"] == "no-cache"
        again = client.get(f"/dumps/{live.id}/{name}", headers={"if-none-match": sent.headers["etag"]})
        assert (again.status_code, again.headers["etag"]) == (304, sent.headers["etag"])


def test_packed_files_hold_the_plain_one(client: httpx.Client, live: Release) -> None:
    for name in ("all.nq", "all.trig"):
        plain_one = client.get(f"/dumps/{live.id}/{name}").content
        assert gzip.decompress(client.get(f"/dumps/{live.id}/{name}.gz").content) == plain_one
        packed = io.BytesIO(client.get(f"/dumps/{live.id}/{name}.zst").content)
        assert zstandard.ZstdDecompressor().stream_reader(packed).read() == plain_one


def test_a_file_is_sent_in_parts_and_once(client: httpx.Client, live: Release) -> None:
    address = f"/dumps/{live.id}/all.nq"
    whole = client.get(address)
    assert whole.headers["accept-ranges"] == "bytes"
    assert live.id in whole.headers["content-disposition"]
    assert whole.headers["content-type"] == "application/n-quads"
    part = client.get(address, headers={"range": "bytes=10-19", "if-range": whole.headers["etag"]})
    assert (part.status_code, part.content) == (206, whole.content[10:20])
    assert client.get(address, headers={"range": "bytes=10-19", "if-range": '"other"'}).status_code == 200
    assert client.get(address, headers={"range": f"bytes={len(whole.content)}-"}).status_code == 416
    assert client.get(address, headers={"if-none-match": whole.headers["etag"]}).status_code == 304
    head = client.head(address)
    assert (head.headers["content-length"], head.content) == (str(len(whole.content)), b"")


def test_names_lead_to_the_release_that_they_stand_for(client: httpx.Client, folder: DataFolder, live: Release) -> None:
    old = folder.find("first")
    for name, release in (("current", live), ("first", old), (old.id[:-3], old)):
        response = client.get(f"/dumps/{name}/all.nq")
        assert response.status_code == 302
        assert response.headers["location"] == f"/dumps/{release.id}/all.nq"
    assert client.get(f"/dumps/{old.id}/all.nq").content == b"".join(old.merged())
    listed = client.get("/dumps/").json()
    assert [(each["release"], each["tags"]) for each in listed] == [(live.id, []), (old.id, ["first"])]


@pytest.mark.parametrize("frame", ["Policy", "tt:Policy", f"{iris.ONTOLOGY}Policy"])
def test_a_frame_leads_to_the_document_of_a_class(client: httpx.Client, live: Release, frame: str) -> None:
    for release in ("current", live.id):
        response = client.get(f"/dumps/{release}/", params={"frame": frame})
        assert response.headers["location"] == f"/dumps/{live.id}/jsonld/Policy.jsonld"
    things = client.get(response.headers["location"]).json()["@graph"]
    assert {thing["type"] for thing in things} == {"Policy"}
    unknown = client.get("/dumps/current/", params={"frame": "Nothing"})
    assert (unknown.status_code, unknown.json()["code"]) == (400, "parameter")


@pytest.mark.parametrize("path", ["all.xml", "../../../current", "graphs/%2e%2e/%2e%2e/release.json", "~", "graphs/"])
def test_nothing_else_is_found(client: httpx.Client, live: Release, path: str) -> None:
    response = client.get(f"/dumps/{live.id}/{path}")
    assert response.status_code == 404
    assert response.json()["code"] == "not-found"


def test_an_unknown_release_is_not_found(client: httpx.Client) -> None:
    assert client.get("/dumps/20000101T000000.000Z-00000000/all.nq").status_code == 404


def test_documents_have_tags_and_links(client: httpx.Client) -> None:
    for path in DOCUMENTS:
        response = client.get(path)
        assert client.get(path, headers={"if-none-match": response.headers["etag"]}).status_code == 304
        assert client.head(path).status_code == 200
        assert 'rel="license"' in response.headers["link"]
        assert client.get(path, headers={"accept": "image/png"}).status_code == 406
        assert client.get(f"{path}?format=jsonld").headers["content-type"] == "application/ld+json"


def test_many_addresses_at_once_each_get_their_own(client: httpx.Client) -> None:
    def root(number: int) -> tuple[str, bool]:
        host = f"host{number}.example"
        answer = client.get("/.well-known/void", headers={"host": host})
        return host, f"<http://{host}/sparql>" in answer.text

    with ThreadPoolExecutor(8) as many:
        assert all(own for _, own in many.map(root, range(40)))


def test_people_get_pages(client: httpx.Client, live: Release) -> None:
    for path, shown in (("/catalog", "CC BY 4.0"), ("/dumps/", live.id), (f"/dumps/{live.id}/", "all.nq.zst")):
        response = client.get(path, headers={"accept": "text/html"})
        assert response.headers["content-type"].startswith("text/html")
        assert shown in response.text


def test_a_plain_folder_says_that_it_has_none(tmp_path: Path, serve: Serve) -> None:
    folder = DataFolder.open(tmp_path / "data", create=True)
    plain.opened(folder, tool="test")
    with serve(folder.current, named_queries={}) as client:
        for path in (*DOCUMENTS, "/dumps/", "/dumps/current/all.nq"):
            response = client.get(path, headers={"accept": "application/json, text/turtle;q=0.5"})
            assert response.status_code == 404
            assert "segments" in response.json()["detail"]
