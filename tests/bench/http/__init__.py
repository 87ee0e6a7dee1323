"""A load test over HTTP: `kg serve` and other SPARQL servers side by side, on the same data, in one run.

``python -m tests.bench.http`` starts the servers, loads them in turns and prints tables. CPU time is that of a server
and all processes below it, so it counts query processes, the garbage collector of a JVM, and nothing of the client.
Other work on the machine meets all servers alike, since they take turns of a few seconds; compare ratios in one run.
What a server answers is compared before it is loaded; a server that cannot be started is named with the reason.
"""
