"""What the Python sides of the benchmarks share: one process a job, which works whenever a line arrives on its standard input, and answers with a line of JSON."""

import json
import resource
import sys


def serve(prepare):
    """Answers every line with the value and standard error that `prepare()` returns a function for, and the processor time that this function took. What is prepared does not count."""
    for _ in sys.stdin:
        work = prepare()
        before = resource.getrusage(resource.RUSAGE_SELF)
        value, error = work()
        after = resource.getrusage(resource.RUSAGE_SELF)
        used = {"user": after.ru_utime - before.ru_utime, "system": after.ru_stime - before.ru_stime}
        print(json.dumps({"value": value, "standardError": error, **used}), flush=True)


def blas():
    """The library that multiplies matrices here: the reference one of Debian is ten times slower than OpenBLAS."""
    with open("/proc/self/maps", encoding="utf8") as maps:
        return "OpenBLAS" if "openblas" in maps.read() else "reference BLAS"
