"""The calls that write: ratings in and out, titles out of the library."""
