#!/usr/bin/python3
"""How long readers of pages wait beside others who have the server find long texts without end.

    finds.py --program fundtrail --server fundtraild [--addresses N] [--connections N] [--seconds S] [--parties N] [--ledger DIR [--words "WORD…"]]
             [--most-mb N]

The others come from N addresses of this machine (127.0.0.2 and on), each with so many connections. On each of them a find follows the answer
to the one before; no two are the same, and every word of theirs is in all names. A reader at 127.0.0.1 asks ten times a second for the first
page, for one of a party, or for a find of its own: first alone, then beside the others. Prints p50, p99 and the longest of both, what the
others got, and the server's memory. With --ledger as readers.py. Times decide nothing: it exits 1 when an answer to the reader was not a
page, took 10 s, or the memory passed --most-mb.
"""
import argparse
import collections
import http.client
import multiprocessing
import os
import random
import signal
import sys
import tempfile
import time
import urllib.parse

import campaign
import readers

WORDS = "party part arty par art rty pa ar rt ty p a r t y"
MOST_BYTES = 200  # that a find may ask for


def long_text(rng, words):
    text = ""
    while len(text) < MOST_BYTES:
        text += rng.choice(words) + " "
    return text[:MOST_BYTES].strip()


def find(text):
    return "/find/?q=" + urllib.parse.quote(text)


def ask(connection, path):
    """The answer's status and its seconds."""
    began = time.monotonic()
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    return answer.status, time.monotonic() - began


def find_on(port, address, words, seed, until, report):
    """One connection of somebody else, in a process of its own: it stands for another machine."""
    os.nice(15)
    rng, connection, got = random.Random(seed), None, collections.Counter()
    while time.time() < until:
        try:
            connection = connection or http.client.HTTPConnection("127.0.0.1", port, timeout=30, source_address=(address, 0))
            status, _ = ask(connection, find(long_text(rng, words)))
            got[status] += 1
            if status != 200:
                time.sleep(0.02)
        except (OSError, http.client.HTTPException):
            got["cut"] += 1
            connection = None
            time.sleep(0.02)
    report.put(got)


def read(port, parties, seconds):
    """What the reader sees: seconds of each answer, and what was no page."""
    paths = ["/"] + [f"/party/p{i}/" for i in range(min(parties, 20))] + [find(f"Party {i}") for i in range(min(parties, 20))]
    times, odd, end = [], collections.Counter(), time.monotonic() + seconds
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    while time.monotonic() < end:
        try:
            status, took = ask(connection, random.choice(paths))
            times.append(took)
            if status not in (200, 303):  # what is found alone is led to
                odd[status] += 1
        except (OSError, http.client.HTTPException) as error:
            odd[repr(error)] += 1
            connection.close()
        time.sleep(0.1)
    return times, odd


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True)
    parser.add_argument("--server", required=True)
    parser.add_argument("--addresses", type=int, default=4)
    parser.add_argument("--connections", type=int, default=8, help="of each address")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--parties", type=int, default=30)
    parser.add_argument("--ledger", type=os.path.abspath)
    parser.add_argument("--words", default=WORDS, help="that the finds are made of: parts of its names")
    parser.add_argument("--most-mb", type=int, default=campaign.MOST_MB)
    options = parser.parse_args()
    options.program, options.server = os.path.abspath(options.program), os.path.abspath(options.server)
    with tempfile.TemporaryDirectory(prefix="fundtrail-finds-") as folder:
        if not options.ledger:
            readers.make_ledger(options, folder)
        process, port = readers.serve(options, folder)
        try:
            alone, odd_alone = read(port, options.parties, options.seconds / 2)
            before = readers.megabytes(process)
            report, until = multiprocessing.Queue(), time.time() + options.seconds
            others = [multiprocessing.Process(target=find_on, args=(port, f"127.0.0.{2 + i % options.addresses}", options.words.split(), i, until, report))
                      for i in range(options.addresses * options.connections)]
            for one in others:
                one.start()
            beside, odd = read(port, options.parties, options.seconds)
            got = sum((report.get() for _ in others), collections.Counter())
            for one in others:
                one.join()
            after = readers.megabytes(process)
        finally:
            process.send_signal(signal.SIGTERM)
            code = process.wait(40)
    odd += odd_alone

    def figures(times):
        return f"{len(times)} pages, ms p50 {campaign.percentile(times, .5):.1f} p99 {campaign.percentile(times, .99):.1f} max {campaign.percentile(times, 1):.1f}"

    print(f"alone {figures(alone)}; beside {len(others)} from {options.addresses} addresses {figures(beside)}; they got {dict(got)}; "
          f"not a page {dict(odd)}; MB {before} -> {after}; exit {code}")
    sys.exit(0 if alone and beside and not odd and max(beside) < 10 and after <= options.most_mb and code == 0 else 1)


if __name__ == "__main__":
    multiprocessing.set_start_method("spawn")
    main()
