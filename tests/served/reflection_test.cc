// Server reflection as a program uses it that has none of our files: it learns what the services are and asks one, and gets no more
// than its share. The client is Python's gRPC, with the messages of grpc.reflection.v1 by their published numbers.
#include <catch2/catch.hpp>
#include <string>

#include "tests/served/daemon.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

// What each client below begins with: fields of messages as bytes, and a stream of questions.
constexpr char kReflectionClient[] = R"(
import sys, threading, grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
channel = grpc.insecure_channel(sys.argv[1])
reflect = channel.stream_stream('/grpc.reflection.v1.ServerReflection/ServerReflectionInfo')
def varint(n):
    return bytes([n]) if n < 128 else bytes([n & 127 | 128]) + varint(n >> 7)
def number(field, n):
    return varint(field << 3) + varint(n)
def text(field, value):
    value = value if isinstance(value, bytes) else value.encode()
    return varint(field << 3 | 2) + varint(len(value)) + value
def fields(message):
    found, at = [], 0
    def read():
        nonlocal at
        n = shift = 0
        while True:
            byte = message[at]; at += 1
            n |= (byte & 127) << shift; shift += 7
            if byte < 128: return n
    while at < len(message):
        tag = read()
        value = read()
        if tag & 7 == 2: value, at = message[at:at + value], at + value
        found.append((tag >> 3, value))
    return found
def part(message, field):
    return next((value for of, value in fields(message) if of == field), None)
def files(response):
    return [descriptor_pb2.FileDescriptorProto.FromString(value) for _, value in fields(part(response, 4))]
def end(questions):
    try:
        for _ in reflect(iter(questions), timeout=20): pass
        return 'OK'
    except grpc.RpcError as error:
        return error.code().name + ': ' + error.details()
)";

Ran RunReflection(const Desk& desk, const Daemon& daemon, const std::string& script) {
  return desk.Shell("/usr/bin/python3 - " + daemon.address(), kReflectionClient + script);
}

TEST_CASE("a program without our files learns the services by reflection v1, and asks one") {
  const Desk desk;
  desk.MakeLedger();
  const Daemon daemon(desk);
  const Ran ran = RunReflection(desk, daemon, R"(
listed, asked, again = reflect(iter([text(7, ''), text(4, 'fundtrail.v1.Ledger'), text(4, 'fundtrail.v1.Ledger.Trace')]), timeout=20)
assert part(asked, 2) == text(4, 'fundtrail.v1.Ledger')
print('services:', *sorted(part(value, 1).decode() for _, value in fields(part(listed, 6))))
found = files(asked)
print('file:', found[0].name)
assert len({file.name for file in found}) == len(found)
print('again:', *(file.name for file in files(again)))
pool = descriptor_pool.DescriptorPool()
left = {file.name: file for file in found}
while left:  # what a file imports is there, or comes with it
    ready = [file for file in left.values() if not any(name in left for name in file.dependency)]
    assert ready
    for file in ready:
        pool.Add(left.pop(file.name))
made = message_factory.MessageFactory(pool)
request = made.GetPrototype(pool.FindMessageTypeByName('fundtrail.v1.CheckpointRequest'))
answer = made.GetPrototype(pool.FindMessageTypeByName('fundtrail.v1.CheckpointAnswer'))
call = channel.unary_unary('/fundtrail.v1.Ledger/GetCheckpoint', request.SerializeToString, answer.FromString)
print('ledger:', call(request(), timeout=20).as_of.ledger)
)");
  INFO(ran.err);
  CHECK(ran.exit == 0);
  CHECK(ran.out ==
        "services: fundtrail.v1.Ledger fundtrail.v1.Submission fundtrail.v1.Watcher grpc.health.v1.Health "
        "grpc.reflection.v1.ServerReflection grpc.reflection.v1alpha.ServerReflection\n"
        "file: fundtrail/v1/service.proto\n"
        "again: fundtrail/v1/service.proto\n"
        "ledger: example.org/l\n");
}

TEST_CASE("reflection tells files and added fields, and says of what is not there that it is not") {
  const Desk desk;
  desk.MakeLedger();
  const Daemon daemon(desk);
  const Ran ran = RunReflection(desk, daemon, R"(
FORM = 50001  # form.proto
def told(question):
    response, = reflect(iter([text(1, 'host') + question]), timeout=20)
    assert part(response, 1) == b'host'
    error = part(response, 7)
    if error is not None: return f'{part(error, 1)} {part(error, 2).decode()}'
    numbers = part(response, 5)
    if numbers is not None: return numbers
    return files(response)[0].name
print(told(text(3, 'fundtrail/v1/entry.proto')))
print(told(text(4, 'grpc.reflection.v1.ServerReflectionRequest.host')))
print(told(text(5, text(1, 'google.protobuf.FieldOptions') + number(2, FORM))))
numbers = told(text(6, 'google.protobuf.FieldOptions'))
print(part(numbers, 1).decode(), varint(FORM) in part(numbers, 2))
print(told(text(3, 'no/such.proto')))
print(told(text(4, 'fundtrail.v1.No\x07ne')))
print(told(text(5, text(1, 'fundtrail.v1.Entry') + number(2, 7))))
print(told(text(6, 'fundtrail.v1.None')))
print(told(b''))
)");
  INFO(ran.err);
  CHECK(ran.exit == 0);
  CHECK(ran.out ==
        "fundtrail/v1/entry.proto\n"
        "grpc/reflection/v1/reflection.proto\n"
        "fundtrail/v1/form.proto\n"
        "google.protobuf.FieldOptions True\n"
        "5 this server has no file no/such.proto\n"
        "5 this server has no symbol fundtrail.v1.No\\u{0007}ne\n"
        "5 this server has no extension 7 of fundtrail.v1.Entry\n"
        "5 this server has no message fundtrail.v1.None\n"
        "3 the question asks for nothing that reflection has\n");
}

TEST_CASE("a stream of reflection has so many questions of a length, and one address so many streams") {
  const Desk desk;
  desk.MakeLedger();
  desk.write("many.toml", "[limits]\nquestions_per_second = 5000\nquestion_burst = 5000\n");
  const Daemon daemon(desk, {"--listen", "127.0.0.1:0", "--config", desk.path("many.toml")});
  const Ran ran = RunReflection(desk, daemon, R"(
print(end([text(7, '')] * 1000))
print(end([text(7, '')] * 1001))
print(end([text(4, 'x' * 5000)]))
print(end([b'\xff']))
over = threading.Event()
def asks_once():
    yield text(7, '')
    over.wait()
held = [reflect(asks_once()) for _ in range(8)]
for call in held: next(call)
print(end([text(7, '')]))
over.set()
for call in held:
    for _ in call: pass
print(end([text(7, '')]))
)");
  INFO(ran.err);
  CHECK(ran.exit == 0);
  CHECK(ran.out ==
        "OK\n"
        "RESOURCE_EXHAUSTED: one stream of reflection takes 1000 questions: begin another\n"
        "INVALID_ARGUMENT: a question of reflection has at most 4096 bytes\n"
        "INVALID_ARGUMENT: this is not a message of type ServerReflectionRequest\n"
        "RESOURCE_EXHAUSTED: too many streams of reflection are open: ask again when one of them has ended\n"
        "OK\n");
}

TEST_CASE("questions of reflection count as questions of their address") {
  const Desk desk;
  desk.MakeLedger();
  desk.write("few.toml", "[limits]\nquestions_per_second = 1\nquestion_burst = 20\n");
  const Daemon daemon(desk, {"--listen", "127.0.0.1:0", "--config", desk.path("few.toml")});
  const Ran ran = RunReflection(desk, daemon, "print(end([text(7, '')] * 40))\n");
  INFO(ran.err);
  CHECK(ran.out ==
        "RESOURCE_EXHAUSTED: more than 1 questions a second from your address: ask again in a moment\n");
}

}  // namespace
}  // namespace fundtrail::testing
