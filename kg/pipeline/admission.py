"""The gate's report before a release is published: the gate decides, and a refusal is written down."""

from __future__ import annotations

from datetime import datetime

from kg.errors import StoreError, ValidationFailedError
from kg.store.durable import explained
from kg.store.releases import DataFolder
from kg.validation import gate
from kg.validation.report import Report


def admit(folder: DataFolder | None, report: Report, *, began: datetime) -> None:
    """Let the gate decide; what it refuses is written down in a folder, so that a person can mend the source."""
    try:
        gate.admit(report)
    except ValidationFailedError as error:
        if folder is None:
            raise
        kept = _keep(folder, report, identifier(began))
        raise ValidationFailedError(f"{error}\n{kept}", report) from error


def identifier(time: datetime) -> str:
    """The name of a folder for what was refused at a time."""
    return time.strftime("%Y%m%dT%H%M%S.%fZ")


def _keep(folder: DataFolder, report: Report, name: str) -> str:
    """Where the report was written, or why it was not: the violation is what the person has to see in any case."""
    try:
        with explained(f"cannot write to {folder.layout.refused / name}"):
            place = folder.refused(name)
            (place / "report.ttl").write_text(report.to_turtle(), encoding="utf-8")
            (place / "report.json").write_text(report.to_json(), encoding="utf-8")
    except StoreError as error:
        return f"the whole report could not be written: {error}"
    return f"the whole report: {place / 'report.json'}"
