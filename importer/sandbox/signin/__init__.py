"""Sign-in: the PIN flow (V1), the device flow (V2, RFC 8628), and the pages for the person."""
