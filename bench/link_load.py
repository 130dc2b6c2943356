"""Digital Links of the products that bench/gs1_fill registers, asked for as a browser does."""

import re

from http_rows import exchange

COMPANY = "69012"
QUERY = "17=261231&context=retail"  # What scanners send along is forwarded.


def gtin(item):
    """14 digits with the check digit."""
    digits = f"0{COMPANY}{item:07}"
    weight = sum(int(digit) * (3 if i % 2 == 0 else 1) for i, digit in enumerate(digits))
    return f"{digits}{-weight % 10}"


def address(item):
    """Where a product without a serial leads."""
    return f"https://brand.example/p/{gtin(item)}"


def request_for(path):
    return (f"GET {path}?{QUERY} HTTP/1.1\r\nHost: id.example.cn\r\n"
            "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n"
            "Accept-Language: zh-CN,zh;q=0.9,en;q=0.8\r\n\r\n").encode()


def redirection(port, request):
    """The octets of one answer, and where it leads."""
    head, body = exchange(port, request, 307)
    location = re.search(rb"Location: ([^\r]*)", head)[1].decode()
    return len(head) + 4 + len(body), location
