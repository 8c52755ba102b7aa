# ruff: noqa: E501
"""Messages that are meant to hurt, or that broken programs write; made here, so that they can be read."""

from __future__ import annotations

import base64

HEAD = b"From: Anna <anna@kund.example>\nTo: dataskydd@norrsken.example\nMessage-ID: <%s@kund.example>\n"
WISH = b"Radera alla mina personuppgifter.\n"


def _mail(name: str, more: bytes = b"", body: bytes = WISH, subject: bytes = b"Hej") -> bytes:
    return HEAD % name.encode() + b"Subject: " + subject + b"\n" + more + b"\n" + body


def _typed(name: str, kind: bytes, body: bytes) -> bytes:
    return _mail(name, b"MIME-Version: 1.0\nContent-Type: " + kind + b"\n", body)


def _nested(depth: int) -> bytes:
    made = [b"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b0\n\n"]
    made += [b"--b%d\nContent-Type: multipart/mixed; boundary=b%d\n\n" % (n, n + 1) for n in range(depth)]
    return HEAD % b"nested" + b"".join(made) + b"--b%d\n\n" % depth + WISH


def messages() -> dict[str, bytes]:
    """Name -> the bytes of the message."""
    bomb = base64.encodebytes(b"\0" * 8_000_000)
    many = b"To: " + b",\n ".join(b"p%d@kund.example" % n for n in range(10_000)) + b"\n"
    return {
        "nothing": b"",
        "only line breaks": b"\n" * 1_000_000,
        "only a header": b"Subject: Radera mina uppgifter",
        "no header": b"\n\n" + WISH,
        "random bytes": bytes((n * 7919 + n // 13) % 256 for n in range(50_000)),
        "null bytes": _mail("null", body=b"Radera\0 alla\0 mina personuppgifter\0.\n"),
        "null bytes in headers": _mail("nul", b"X-A: \0\0\0\n", subject=b"\0Registerutdrag\0"),
        "deep nesting": _nested(2_000),
        "nesting to the limit": _nested(90),
        "many parts": _typed(
            "parts", b"multipart/mixed; boundary=b", b"--b\nContent-Type: text/plain\n\nhej\n" * 5_000 + b"--b--\n"
        ),
        "boundary missing": _typed("boundless", b"multipart/mixed", WISH),
        "boundary empty": _typed("empty", b'multipart/mixed; boundary=""', b"--\n\n" + WISH),
        "boundary never closed": _typed("open", b"multipart/mixed; boundary=b", b"--b\n\n" + WISH),
        "boundary as a pattern": _typed("pattern", b'multipart/mixed; boundary="(a+)+$"', b"--(a+)+$\n\n" + WISH),
        "base64 of eight million nulls": _mail(
            "bomb", b"MIME-Version: 1.0\nContent-Transfer-Encoding: base64\n", bomb
        ),
        "base64 that is none": _mail(
            "base", b"MIME-Version: 1.0\nContent-Transfer-Encoding: base64\n", b"%%%=A=B=C\n" * 2_000
        ),
        "quoted-printable that is none": _mail(
            "quoted", b"MIME-Version: 1.0\nContent-Transfer-Encoding: quoted-printable\n", b"=ZZ=\n==3D=" * 5_000
        ),
        "uuencode that is none": _mail(
            "uu", b"MIME-Version: 1.0\nContent-Transfer-Encoding: x-uuencode\n", b"begin 644 x\n\xff\xff\nend\n"
        ),
        "unknown charset": _typed("klingon", b"text/plain; charset=klingon", WISH),
        "a codec that is no charset": _typed("zlib", b"text/plain; charset=zlib_codec", WISH),
        "utf-8 that is latin-1": _typed("lie", b"text/plain; charset=utf-8", "Rätta mitt namn, fel på åäö".encode("latin-1")),
        "utf-16 that is ascii": _typed("utf16", b"text/plain; charset=utf-16", WISH + b"x"),
        "huge header": _mail("huge", b"X-Huge: " + b"a" * 900_000 + b"\n"),
        "header of quotes and semicolons": _typed("quotes", b'text/plain; x="' + b";" * 800_000, WISH),
        "header folded for ever": _mail("folded", b"X-Folded: a\n" + b" b;c=d\n" * 100_000),
        "brackets in brackets": _mail("brackets", b"Sender: " + b"(" * 200_000 + b"\n"),
        "a hundred thousand headers": _mail("headers", b"X-A: b\n" * 100_000),
        "encoded words without end": _mail("words", subject=b"=?utf-8?q?=41?= " * 20_000),
        "encoded line break in the subject": _mail("inject", subject=b"=?utf-8?q?Hej=0D=0ABcc:_eva@kund.example?="),
        "line break in the message id": HEAD % b"a\r\nBcc: eva@kund.example" + b"\n" + WISH,
        "two senders": b"From: Eva <eva@kund.example>\n" + _mail("two"),
        "two senders in one line": b"From: eva@kund.example, anna@kund.example\nMessage-ID: <l@k.example>\n\n" + WISH,
        "an address as a name": b'From: "anna@kund.example" <eva@kund.example>\nMessage-ID: <n@k.example>\n\n' + WISH,
        "no sender": b"Subject: hej\nMessage-ID: <no@kund.example>\n\n" + WISH,
        "a sender that is no address": b"From: <<<>>>@@\nMessage-ID: <bad@kund.example>\n\n" + WISH,
        "text turned around": _mail("rtl", b"Content-Type: text/plain; charset=utf-8\n", "Radera \u202eatad anim\u202c alla mina personuppgifter".encode()),
        "letters without width": _mail("zero", b"Content-Type: text/plain; charset=utf-8\n", "Rad\u200bera al\u00adla mina person\u200cuppgifter".encode()),
        "ten thousand recipients": many + _mail("many"),
        "ten thousand references": _mail("refs", b"References: " + b"<a@b.example> " * 10_000 + b"\n"),
        "html of open brackets": _typed("html", b"text/html", b"<" * 400_000 + WISH),
        "html of open comments": _typed("comments", b"text/html", b"<!--" * 100_000 + WISH),
        "html of open scripts": _typed("scripts", b"text/html", b"<script>" * 50_000 + WISH),
        "html of nested quotes": _typed("quotes", b"text/html", b"<blockquote>" * 30_000 + WISH),
        "html of entities": _typed("entities", b"text/html", b"&#1114112;&#x0;&amp" * 10_000 + WISH),
        "one word without end": _mail("word", body=b"a" * 1_000_000),
        "words for a pattern to try": _mail("words", body=b"radera vill ha inte " * 20_000),
        "quotes within quotes": _mail("deepquote", body=b">" * 100_000 + b"\n" + WISH),
        "encrypted": _typed("pgp", b'multipart/encrypted; boundary="b"', b"--b\n\nVersion: 1\n--b--\n"),
        "a message in itself": _typed("self", b"message/rfc822", b"Content-Type: message/rfc822\n\n" * 5_000),
        "a partial message": _typed("partial", b"message/partial; id=a; number=1; total=1000000", WISH),
        "parameters by the thousand": _typed("params", b"text/plain" + b"; a*0*=utf-8''%41" * 900, WISH),
    }  # fmt: skip
