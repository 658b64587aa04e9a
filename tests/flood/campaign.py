#!/usr/bin/python3
"""Floods a running server, as people without an account could, and measures what is left for others.

    campaign.py --program fundtrail --server fundtraild [--seconds S] [--attack NAME]… [--tls] [--addresses N] [--most-mb N] [--short]

Each attack goes against a server of its own, from N addresses of this machine (127.0.0.2 and on), while a good client at 127.0.0.1 pays every
50 ms. A line an attack: the server's memory before, at its peak and 5 s after; how long receipts took; how much was sent. Bounded: each
attack lasts S seconds. Exits 1 when a receipt did not come within 10 s, or the memory passed --most-mb: times are printed, and decide nothing.
--short: a few of them, 2 s each, and memory until 1 s after. Needs what examples/python/client.py needs, and openssl for --tls.
"""
import argparse
import base64
import datetime
import importlib.util
import multiprocessing
import os
import pathlib
import shutil
import signal
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
import time

import grpc
import nacl.signing

TOP = pathlib.Path(__file__).resolve().parents[2]
DATA, HEADERS, PRIORITY, RESET, SETTINGS, PING, WINDOW, CONTINUATION = 0, 1, 2, 3, 4, 6, 8, 9
END_STREAM, END_HEADERS = 1, 4
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def literal(name, value):
    """A header field that no table remembers (RFC 7541 6.2.2)."""
    return b"\0" + bytes([len(name)]) + name + bytes([len(value)]) + value


def headers(path):
    return (b"\x83\x86" + literal(b":path", path) + literal(b":authority", b"x") + literal(b"content-type", b"application/grpc")
            + literal(b"te", b"trailers"))


def message(body):
    return b"\0" + struct.pack(">I", len(body)) + body


CHECKPOINT = headers(b"/fundtrail.v1.Ledger/GetCheckpoint")
NOTHING = headers(b"/no.such.Service/Method")
HEALTH = b"/grpc.health.v1.Health/"


# --- attacks: each says how many connections an address has, what they begin with, and what they say again and again ----

def odd(first, count):
    return range(first, first + 2 * count, 2)


def reset(i):
    return b"".join(frame(HEADERS, END_HEADERS, s, CHECKPOINT) + frame(RESET, 0, s, b"\0\0\0\x08") for s in odd(i, 100)), i + 200


def even_reset(i):
    """Begun by a number that only a server may use: behind it gRPC takes lower ones."""
    return (frame(HEADERS, END_HEADERS, 0x7ffffffe, CHECKPOINT) if i == 1 else b"") + reset(i)[0], i + 200


def question_reset(i):
    trace = headers(b"/fundtrail.v1.Ledger/Trace")
    body = message(b"\x08\x01\x1a\x05donor")
    return b"".join(frame(HEADERS, END_HEADERS, s, trace) + frame(DATA, END_STREAM, s, body) + frame(RESET, 0, s, b"\0\0\0\x08")
                    for s in odd(i, 100)), i + 200


def continuation(i):
    part = literal(b"x-pad", b"p" * 100) * 100
    begin = frame(HEADERS, 0, i, CHECKPOINT) if i == 1 else b""
    return begin + frame(CONTINUATION, 0, 1, part) * 10, i + 2


def unknown_methods(i):
    return b"".join(frame(HEADERS, END_HEADERS | END_STREAM, s, NOTHING) for s in odd(i, 100)), i + 200


def health_checks(i):
    check = headers(HEALTH + b"Check")
    return b"".join(frame(HEADERS, END_HEADERS, s, check) + frame(DATA, END_STREAM, s, message(b"")) for s in odd(i, 50)), i + 100


def checkpoints(i):
    return b"".join(frame(HEADERS, END_HEADERS, s, CHECKPOINT) + frame(DATA, END_STREAM, s, message(b"")) for s in odd(i, 50)), i + 100


def pings(i):
    return frame(PING, 0, 0, b"12345678") * 500, i


def settings(i):
    return frame(SETTINGS, 0, 0, b"\0\3\0\0\0\x64" * 10) * 100, i


def priorities(i):
    return frame(PRIORITY, 0, 1, b"\0\0\0\0\x10") * 500, i


def windows(i):
    return frame(WINDOW, 0, 0, b"\0\0\0\1") * 500, i


def unknown_frames(i):
    return frame(0xfa, 0, 0, b"x" * 10) * 500, i


def empty_data(i):
    begin = frame(HEADERS, END_HEADERS, 1, headers(b"/fundtrail.v1.Submission/SubmitStream")) if i == 1 else b""
    return begin + frame(DATA, 0, 1) * 1000, 3


def small_data(i):
    begin = frame(HEADERS, END_HEADERS, 1, headers(b"/fundtrail.v1.Submission/SubmitStream")) if i == 1 else b""
    return begin + frame(DATA, 0, 1, b"\0") * 1000, 3


def watches(i):
    watch = headers(HEALTH + b"Watch")
    if i > 240:
        return b"", i
    return b"".join(frame(HEADERS, END_HEADERS, s, watch) + frame(DATA, END_STREAM, s, message(b"")) for s in odd(i, 120)), i + 240


def unread(i):
    """Answers of some 15 KB that no window has room for."""
    show = headers(b"/fundtrail.v1.Ledger/Show")
    begin = frame(SETTINGS, 0, 0, b"\0\4\0\0\0\0") if i == 1 else b""
    if i > 240:
        return b"", i
    return begin + b"".join(frame(HEADERS, END_HEADERS, s, show) + frame(DATA, END_STREAM, s, message(b"\x0a\x02\x08\x07"))
                            for s in odd(i, 120)), i + 240


def halves(i):
    """Requests of 4 MB that never end."""
    submit = headers(b"/fundtrail.v1.Submission/Submit")
    if i > 240:
        return b"", i
    return b"".join(frame(HEADERS, END_HEADERS, s, submit) + frame(DATA, 0, s, b"\0" + struct.pack(">I", 4_000_000) + b"x" * 500)
                    for s in odd(i, 120)), i + 240


def churn(i):
    """Connections that begin calls and go."""
    return b"".join(frame(HEADERS, END_HEADERS, s, CHECKPOINT) for s in odd(1, 100)), None


def silent(i):
    return b"", i


def idle(i):
    return b"", i


# name: what it says, connections of an address, whether it takes answers
ATTACKS = {
    "reset": (reset, 4, True), "even-reset": (even_reset, 4, True), "question-reset": (question_reset, 4, True), "reset-unread": (reset, 8, False),
    "continuation": (continuation, 4, True), "unknown-methods": (unknown_methods, 8, True), "health-checks": (health_checks, 8, True),
    "checkpoints": (checkpoints, 8, True), "pings": (pings, 8, True), "pings-unread": (pings, 8, False), "settings": (settings, 8, False),
    "priorities": (priorities, 8, True), "windows": (windows, 8, True), "unknown-frames": (unknown_frames, 8, True),
    "empty-data": (empty_data, 8, True), "small-data": (small_data, 8, True), "watches": (watches, 200, False),
    "unread": (unread, 200, False), "halves": (halves, 200, False), "churn": (churn, 8, False), "idle": (idle, 240, False),
    "silent": (silent, 240, False),
}
SHORT = ("reset", "continuation", "question-reset", "churn", "watches", "unread")
MOST_MB = 500  # docs/operators.md says so


class Speaker:
    """One hostile connection, made anew when it is closed."""

    def __init__(self, attack, address, port, tls):
        self.attack, self.address, self.port, self.tls = attack, address, port, tls
        self.socket, self.sent, self.opened = None, 0, 0

    def connect(self):
        plain = socket.create_connection(("127.0.0.1", self.port), 5, (self.address, 0))
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket = plain
        if self.tls and self.attack is not silent:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            context.set_alpn_protocols(["h2"])
            self.socket = context.wrap_socket(plain)
        self.socket.setblocking(False)
        self.waiting, self.next, self.opened = b"", 1, self.opened + 1
        if self.attack is not silent:
            self.waiting = PREFACE + frame(SETTINGS, 0, 0)

    def close(self):
        if self.socket is not None:
            self.socket.close()
        self.socket = None

    def speak(self, reads):
        """Whether anything could be done."""
        if self.socket is None:
            self.connect()
        if not self.waiting and self.next is None:
            self.close()
            return True
        if not self.waiting:
            self.waiting, self.next = self.attack(self.next)
        done = False
        if self.waiting:
            try:
                sent = self.socket.send(self.waiting)
                self.sent += sent
                self.waiting = self.waiting[sent:]
                done = sent > 0
            except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
                pass
        if reads:
            try:
                if not self.socket.recv(1 << 16):
                    self.close()
            except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
                pass
        return done


def attack_from(name, address, port, tls, seconds, report):
    """One hostile process: all connections of an address. It stands for other machines: it should not take the server's time."""
    os.nice(15)
    attack, connections, reads = ATTACKS[name]
    speakers = [Speaker(attack, address, port, tls) for _ in range(connections)]
    failed, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        busy = False
        for speaker in speakers:
            if time.monotonic() >= end:
                break
            try:
                busy = speaker.speak(reads) or busy
            except OSError:
                failed += 1
                speaker.close()
        if not busy:
            time.sleep(0.005)
    report.put((sum(s.sent for s in speakers), sum(s.opened for s in speakers), failed))
    for speaker in speakers:
        speaker.close()


# --- the good client -------------------------------------------------------------------------------------------------

class Payer:
    def __init__(self, modules, key_file, address, root_certificate):
        self.entry_pb2, _, self.service_pb2, service_grpc = modules
        lines = dict(line.split(" ", 1) for line in pathlib.Path(key_file).read_text().splitlines() if " " in line)
        self.key = nacl.signing.SigningKey(base64.b64decode(lines["seed"]))
        if root_certificate:
            channel = grpc.secure_channel(address, grpc.ssl_channel_credentials(root_certificate))
        else:
            channel = grpc.insecure_channel(address)
        self.submission = service_grpc.SubmissionStub(channel)
        self.ledger = service_grpc.LedgerStub(channel)

    def request(self, lines=1, purpose=""):
        entry = self.entry_pb2.Entry(ledger="example.org/l", author="root", id=os.urandom(16), date=datetime.date.today().isoformat())
        for _ in range(lines):
            transfer = entry.actions.add().transfer
            setattr(transfer, "from", "donor")
            transfer.to, transfer.amount, transfer.asset, transfer.fund = "hub", 100, "CNY", "winter"
            transfer.kind, transfer.purpose = self.entry_pb2.TRANSFER_KIND_DONATION, purpose
        entry.signers.append(bytes(self.key.verify_key))
        data = entry.SerializeToString(deterministic=True)
        signed = self.entry_pb2.SignedEntry(entry=data)
        signed.signatures.append(self.key.sign(b"fundtrail entry v1\n" + data).signature)
        return self.service_pb2.SubmitRequest(signed_entry=signed.SerializeToString(deterministic=True))

    def pay(self, *args):
        began = time.monotonic()
        self.submission.Submit(self.request(*args), timeout=10, wait_for_ready=True)
        return time.monotonic() - began


def run(folder, *command):
    return subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, check=True, capture_output=True, text=True).stdout


def make_ledger(program, folder):
    run(folder, program, "keygen", "--out", "k")
    clerk = run(folder, program, "keygen", "--out", "clerk")[:64]
    run(folder, program, "init", "l", "--name", "example.org/l", "--root-key", "k", "--date", "2026-01-01")
    for words in ("asset add CNY", "party add donor --name Donor --role source", "party add hub --name Hub", "fund add winter --name Winter",
                  f"key authorise {clerk} --party root --can pay --descendants"):
        run(folder, program, "--ledger", "l", *words.split(), "--key", "k")


class Server:
    made = None  # a folder with a ledger and its keys, which every server begins with

    def __init__(self, program, server, tls):
        self.dir = tempfile.TemporaryDirectory(prefix="fundtrail-flood-")
        self.tls, self.certificate = tls, None
        if Server.made is None:
            Server.made = tempfile.TemporaryDirectory(prefix="fundtrail-flood-")
            make_ledger(program, Server.made.name)
        shutil.copytree(Server.made.name, self.dir.name, dirs_exist_ok=True)
        command = [server, "--ledger", "l", "--listen", "127.0.0.1:0"]
        if tls:
            run(self.dir.name, "openssl", "req", "-x509", "-newkey", "ed25519", "-nodes", "-days", "2", "-keyout", "s.key", "-out", "s.pem",
                "-subj", "/CN=s", "-addext", "subjectAltName=IP:127.0.0.1")
            self.certificate = pathlib.Path(self.at("s.pem")).read_bytes()
            command += ["--tls-cert", "s.pem", "--tls-key", "s.key"]
        self.process = subprocess.Popen(command, cwd=self.dir.name, stderr=subprocess.PIPE, text=True)
        for line in self.process.stderr:
            if " address=" in line:
                self.address = line.split(" address=")[1].split()[0]
                break
        self.port = int(self.address.rsplit(":", 1)[1])
        threading.Thread(target=self.process.stderr.read, daemon=True).start()

    def at(self, name):
        return os.path.join(self.dir.name, name)

    def megabytes(self):
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) // 1024
        return 0

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(40)
        except subprocess.TimeoutExpired:
            self.process.kill()
        return self.process.returncode


def percentile(values, part):
    return sorted(values)[min(len(values) - 1, int(len(values) * part))] * 1000 if values else float("nan")


def run_attack(name, options, modules):
    server = Server(options.program, options.server, options.tls)
    payer = Payer(modules, server.at("clerk"), server.address, server.certificate)
    payer.pay(300, "p" * 20)  # record 7: its answer is long
    for _ in range(10):
        payer.pay()
    before = server.megabytes()
    report = multiprocessing.Queue()
    hostile = [multiprocessing.Process(target=attack_from, args=(name, f"127.0.0.{2 + i}", server.port, options.tls, options.seconds, report))
               for i in range(options.addresses)]
    for one in hostile:
        one.start()
    times, lost, peak, why = [], 0, before, ""
    end = time.monotonic() + options.seconds
    while time.monotonic() < end and server.process.poll() is None:
        try:
            times.append(payer.pay())
        except grpc.RpcError as error:
            lost, why = lost + 1, f"{error.code().name}: {error.details()}"
        peak = max(peak, server.megabytes())
        time.sleep(0.05)
    sent, opened, failed = (sum(column) for column in zip(*(report.get() for _ in hostile)))
    for one in hostile:
        one.join()
    for _ in range(10 if options.short else 50):
        time.sleep(0.1)
        peak = max(peak, server.megabytes())
    after = server.megabytes()
    dead = server.process.poll()
    try:
        times_after = payer.pay() * 1000
    except grpc.RpcError as error:
        lost, times_after, why = lost + 1, float("nan"), f"{error.code().name}: {error.details()}"
    code = server.stop()
    good = not lost and dead is None and code == 0 and peak <= options.most_mb
    print(f"{name:16} {options.addresses} {'tls' if options.tls else '   '}  MB {before:4} -> {peak:5} -> {after:5}   receipts {len(times):4}, lost {lost}, ms p50 "
          f"{percentile(times, .5):7.1f} p99 {percentile(times, .99):8.1f} max {percentile(times, 1):8.1f}, after {times_after:6.1f}   "
          f"sent {sent / 1e6:7.2f} MB, {opened} connections, {failed} cut{'' if good else '   FAILED ' + why + f' exit {code}'}", flush=True)
    return good


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True)
    parser.add_argument("--server", required=True)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--attack", action="append", choices=ATTACKS)
    parser.add_argument("--tls", action="store_true")
    parser.add_argument("--addresses", type=int, default=1)
    parser.add_argument("--most-mb", type=int, default=MOST_MB)
    parser.add_argument("--short", action="store_true")
    options = parser.parse_args()
    options.program, options.server = os.path.abspath(options.program), os.path.abspath(options.server)
    spec = importlib.util.spec_from_file_location("client", TOP / "examples" / "python" / "client.py")
    client = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(client)
    modules = client.load_messages()
    if options.short:
        options.seconds, options.addresses = 2, 2
        results = []
        for options.tls, names in ((False, SHORT), (True, SHORT[:2])):
            results += [run_attack(name, options, modules) for name in names]
    else:
        results = [run_attack(name, options, modules) for name in options.attack or ATTACKS]
    print(f"{sum(results)} passed, {len(results) - sum(results)} failed")
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    multiprocessing.set_start_method("spawn")
    main()
