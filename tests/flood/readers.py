#!/usr/bin/python3
"""How long readers of pages wait beside many others, a tenth of them slow, against one reader alone.

    readers.py --program fundtrail --server fundtraild [--readers N] [--slow PART] [--seconds S] [--page PATH] [--parties N] [--ledger DIR]

Readers come from addresses of this machine (127.0.0.2 and on) to a server of their own. First one reader asks alone, then N at once. Each
asks for a page once a second and keeps its connection, as somebody who reads does. A slow one sends its request byte by byte, 20 bytes a
second, or takes its answer so. Every second fast reader asks for the same page, the others for one of many. Prints p50 and p99 of the fast
ones, of the one alone, their ratio, and the server's memory. With --ledger it serves that one, whose parties are called p0, p1 and on, as
fundtrail_make_ledger makes them; else it makes a small one. Times decide nothing: it exits 1 when an answer was cut off or not a page.
"""
import argparse
import os
import pathlib
import random
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import time

import campaign

SLOW_BYTES, EACH = 1, 0.05  # a slow reader says or takes so many bytes, then waits so long


class Reader:
    """One connection. `slow`: "says", "takes" or nothing."""

    def __init__(self, port, address, path_of, slow, start):
        self.port, self.address, self.path_of, self.slow = port, address, path_of, slow
        self.next, self.asked, self.begun = start, 0, 0.0
        self.socket, self.waiting, self.heard, self.need = None, b"", b"", None
        self.times, self.odd, self.cut = [], 0, 0

    def connect(self):
        self.socket = socket.create_connection(("127.0.0.1", self.port), 5, (self.address, 0))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setblocking(False)

    def drop(self, selector):
        if self.socket is not None:
            if self.slow != "takes":
                selector.unregister(self.socket)
            self.socket.close()
        self.socket, self.waiting, self.heard, self.need = None, b"", b"", None
        self.next = time.monotonic() + 1

    def is_free(self):
        return not self.waiting and self.need is None

    def ask(self, selector):
        """Begins the next request."""
        if self.socket is None:
            self.connect()
            if self.slow != "takes":  # which takes its answer in its own time
                selector.register(self.socket, selectors.EVENT_READ, self)
        self.asked += 1
        self.waiting = f"GET {self.path_of(self.asked)} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
        self.heard, self.need, self.begun = b"", -1, time.monotonic()
        if self.slow != "says":
            self.socket.send(self.waiting)
            self.waiting = b""
        self.next = self.begun + (1 if self.slow is None else EACH)

    def crawl(self):
        """A slow reader's next bytes."""
        self.next = time.monotonic() + EACH
        if self.waiting:
            self.socket.send(self.waiting[:SLOW_BYTES])
            self.waiting = self.waiting[SLOW_BYTES:]
        elif self.slow == "takes":
            self.take(SLOW_BYTES)

    def take(self, most):
        got = self.socket.recv(most)
        if not got:
            raise ConnectionError("closed in the middle")
        self.heard += got
        if self.need == -1 and b"\r\n\r\n" in self.heard:
            head, _, body = self.heard.partition(b"\r\n\r\n")
            if not head.startswith(b"HTTP/1.1 200 "):
                self.odd += 1
            self.need = len(head) + 4 + int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        if self.need != -1 and len(self.heard) >= self.need:
            self.times.append(time.monotonic() - self.begun)
            self.need = None
            if self.slow:
                self.next = time.monotonic() + 1


def read(readers, seconds):
    """All of them in one thread, which only waits: it stands for as many machines."""
    selector, end = selectors.DefaultSelector(), time.monotonic() + seconds
    while (now := time.monotonic()) < end:
        for reader in readers:
            if now < reader.next:
                continue
            try:
                if reader.is_free():
                    reader.ask(selector)
                elif reader.slow:
                    reader.crawl()
            except BlockingIOError:
                pass
            except OSError:
                reader.cut += 1
                reader.drop(selector)
        soonest = min(reader.next for reader in readers)
        for key, _ in selector.select(max(0.0, min(soonest - time.monotonic(), 0.02))):
            reader = key.data
            try:
                reader.take(1 << 20)
            except BlockingIOError:
                pass
            except OSError:
                reader.cut += reader.need is not None  # else it was idle, and asks anew
                reader.drop(selector)
    for reader in readers:
        reader.drop(selector)


def serve(options, folder):
    command = [options.server, "--ledger", options.ledger or "l", "--listen", "127.0.0.1:0", "--http", "127.0.0.1:0"]
    log = open(os.path.join(folder, "log"), "w+")
    process = subprocess.Popen(command, cwd=folder, stderr=log)
    for _ in range(1000):
        text = pathlib.Path(log.name).read_text()
        if " address=" in text:
            return process, int(text.split("archive at http://127.0.0.1:")[1].split()[0])
        time.sleep(0.01)
    raise SystemExit(f"the server does not start: {text}")


def megabytes(process):
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) // 1024


def make_ledger(options, folder):
    """A donor that pays a hub, and the hub each of many."""
    campaign.make_ledger(options.program, folder)
    rows = ["date,from,to,amount,asset,fund,purpose"]
    for i in range(options.parties):
        campaign.run(folder, options.program, "--ledger", "l", "party", "add", f"p{i}", "--name", f"Party {i}", "--key", "k")
    rows += [f"2026-01-01,donor,hub,{10 * options.parties}.00,CNY,winter,all"]
    rows += [f"2026-01-02,hub,p{i},{1 + i % 9}.00,CNY,winter,part {i}" for i in range(options.parties)]
    pathlib.Path(folder, "rows.csv").write_text("\n".join(rows) + "\n")
    campaign.run(folder, options.program, "--ledger", "l", "import", "csv", "rows.csv", "--key", "clerk", "--as", "root")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True)
    parser.add_argument("--server", required=True)
    parser.add_argument("--readers", type=int, default=200)
    parser.add_argument("--slow", type=float, default=0.1, help="this part of them")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--page", default="/party/donor/went/", help="that every second reader asks for")
    parser.add_argument("--parties", type=int, default=30)
    parser.add_argument("--ledger", type=os.path.abspath)
    options = parser.parse_args()
    options.program, options.server = os.path.abspath(options.program), os.path.abspath(options.server)
    with tempfile.TemporaryDirectory(prefix="fundtrail-readers-") as folder:
        if not options.ledger:
            make_ledger(options, folder)
        process, port = serve(options, folder)
        try:
            start = time.monotonic()
            pages = [options.page] + [f"/party/p{i}/" for i in range(options.parties)]

            def path_of(number):
                return (lambda asked: pages[0]) if number % 2 == 0 else (lambda asked: pages[(number + asked) % len(pages)])

            def make(number, at):
                slow = None if number >= options.readers * options.slow else ("says", "takes")[number % 2]
                return Reader(port, f"127.0.0.{2 + number % 20}", path_of(number), slow, at)

            # Alone: as many answers of both kinds as one reader gets in that time, ten a second.
            alone = [Reader(port, "127.0.0.2", path_of(i % 2 + 1), None, time.monotonic() + i / 10) for i in range(10)]
            read(alone, options.seconds)
            before = megabytes(process)
            at = time.monotonic()
            many = [make(i, at + random.random()) for i in range(options.readers)]
            read(many, options.seconds)
            after = megabytes(process)
        finally:
            process.send_signal(signal.SIGTERM)
            code = process.wait(40)
    fast = [reader for reader in many if reader.slow is None]
    own, beside = [t for r in alone for t in r.times], [t for r in fast for t in r.times]
    cut, odd = sum(r.cut for r in alone + fast), sum(r.odd for r in alone + many)
    few = campaign.percentile(own, .99)
    p99 = campaign.percentile(beside, .99)
    print(f"alone {len(own)} pages, ms p50 {campaign.percentile(own, .5):.2f} p99 {few:.2f}; beside {options.readers} readers, "
          f"{len(many) - len(fast)} of them slow: {len(beside)} pages, p50 {campaign.percentile(beside, .5):.2f} p99 {p99:.2f}; "
          f"p99 {p99 / few:.1f} times (goal: at most 3); MB {before} -> {after}; {cut} cut, {odd} not a page, exit {code}; "
          f"{time.monotonic() - start:.0f} s")
    sys.exit(0 if own and beside and not cut and not odd and code == 0 else 1)


if __name__ == "__main__":
    main()
