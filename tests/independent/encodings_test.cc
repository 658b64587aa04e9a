// One entry, one encoding: the ledger's own code, examples/python/verify.py, tests/go and web/, each written for itself, over one
// table of records. None may take what another refuses: a record of which readers think differently stands for ever.
#include "tests/support/encodings.h"

#include <google/protobuf/stubs/logging.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "ledger/audit/receipt.h"
#include "ledger/model/enum_word.h"
#include "ledger/tree/checkpoint.h"
#include "ledger/tree/merkle.h"
#include "ledger/tree/proof.h"
#include "tests/cli/program.h"

namespace fundtrail::testing {
namespace {

std::vector<std::string> LinesOf(const std::string& text) {
  std::vector<std::string> lines;
  std::stringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

// "HOLDS", or the fault's name, as this program sees the record in a receipt that is sound but for it.
std::string Ours(const Bytes& record) {
  tree::Proof proof;
  proof.extra = record;
  proof.checkpoint = Need(tree::SignCheckpoint({kLedgerName, 1, tree::LeafHash(record), {}}, Key(77)));
  const auto log = Need(tree::MakeVerifier(kLedgerName, tree::KeyType::kEd25519, Key(77).public_key()));
  const auto answer = audit::VerifyReceipt(tree::FormatProof(proof), Need(tree::ForLog(tree::Policy(), log)));
  return answer.holds() ? "HOLDS" : model::WordOf(answer.fault());
}

constexpr char kPython[] = R"(
import sys
sys.path.insert(0, sys.argv[1])
import verify
for line in open("records"):
    try:
        verify.read_record(bytes.fromhex(line))
        print("HOLDS")
    except verify.DoesNotHold as fault:
        print(fault.args[0])
)";

// What a page takes: web/receipt.js, in node.
constexpr char kNode[] = R"(
import { webcrypto } from 'node:crypto';
import { readFileSync } from 'node:fs';
globalThis.crypto ??= webcrypto;
const { readRecord } = await import(process.argv[2] + '/receipt.js');
for (const line of readFileSync('records', 'utf8').split('\n').slice(0, -1)) {
  const fault = await readRecord(new Uint8Array(Buffer.from(line, 'hex'))).then(() => 'HOLDS', (error) => error.fault);
  console.log(fault);
}
)";

TEST_CASE(
    "one entry, one encoding: Python, Go, a page and this program take and refuse the same of one table") {
  const google::protobuf::LogSilencer silence;
  const Desk desk;
  const std::vector<Encoding> table = Encodings();
  std::string hex;
  for (const Encoding& encoding : table) hex += HexEncode(encoding.record) + "\n";
  desk.write("records", hex);
  desk.write("each.py", kPython);
  const auto python = desk.Shell("/usr/bin/python3 -B each.py " FUNDTRAIL_SOURCE_DIR "/examples/python");
  const auto go = desk.Shell(FUNDTRAIL_CHECK_ARCHIVE " records records");
  desk.write("each.mjs", kNode);
  const auto node = desk.Shell("node --no-warnings each.mjs " FUNDTRAIL_SOURCE_DIR "/web");
  INFO(python.err << go.err << node.err);
  REQUIRE(python.exit == 0);
  REQUIRE(go.exit == 0);
  REQUIRE(node.exit == 0);
  const auto pythons = LinesOf(python.out), gos = LinesOf(go.out), pages = LinesOf(node.out);
  REQUIRE(pythons.size() == table.size());
  REQUIRE(gos.size() == table.size());
  REQUIRE(pages.size() == table.size());
  REQUIRE(table.size() > 1'000);
  for (std::size_t i = 0; i < table.size(); ++i) {
    INFO(table[i].name << ": Python says " << pythons[i] << ", Go " << gos[i] << ", a page " << pages[i]);
    const std::string ours = Ours(table[i].record);
    CHECK((ours == "HOLDS") == table[i].taken);
    CHECK(pythons[i] == ours);
    CHECK(pages[i] == ours);
    CHECK((gos[i] == "HOLDS") == table[i].taken);
  }
}

}  // namespace
}  // namespace fundtrail::testing
