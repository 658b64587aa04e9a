// The worked example of docs/formats.md: two records from fixed keys and a fixed clock, byte by byte. The
// page holds exactly what this test computes; FUNDTRAIL_WRITE_GOLDEN=1 writes it there.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/io/coded_stream.h"
#include "ledger/crypto/sha256.h"
#include "ledger/model/enum_word.h"
#include "ledger/model/row_keys.h"
#include "ledger/store/memory.h"
#include "ledger/tree/merkle.h"
#include "ledger/tree/proof.h"
#include "tests/support/ledgers.h"

namespace fundtrail::testing {
namespace {

namespace keys = model::keys;
namespace pb = google::protobuf;

constexpr char kName[] = "example.org/aid";

std::string Hex(ByteView bytes) {
  std::string text;
  for (const char c : bytes) text += HexEncode(ByteView(&c, 1)) + " ";
  if (!text.empty()) text.pop_back();
  return text;
}

bool Readable(ByteView bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

// One line a field: its bytes (key, length), its name and number, its value.
void Walk(const Bytes& bytes, const pb::Descriptor* type, int depth, std::string* out) {
  pb::io::CodedInputStream in(reinterpret_cast<const std::uint8_t*>(bytes.data()),
                              static_cast<int>(bytes.size()));
  const auto line = [&](int begin, int end, const std::string& what) {
    const std::string head =
        Hex(ByteView(bytes).substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin)));
    *out += std::string(static_cast<std::size_t>(2 * depth), ' ') + head +
            std::string(head.size() < 18 ? 18 - head.size() : 1, ' ') + what + "\n";
  };
  while (true) {
    const int begin = in.CurrentPosition();
    const std::uint32_t tag = in.ReadTag();
    if (tag == 0) break;
    const pb::FieldDescriptor* field = type->FindFieldByNumber(static_cast<int>(tag >> 3));
    REQUIRE(field != nullptr);
    const std::string name = field->name() + " (" + std::to_string(field->number()) + ")";
    if ((tag & 7) == 0) {
      std::uint64_t number = 0;
      REQUIRE(in.ReadVarint64(&number));
      std::string value = std::to_string(number);
      if (field->type() == pb::FieldDescriptor::TYPE_ENUM)
        value = model::WordOf(*field->enum_type(), static_cast<int>(number));
      line(begin, in.CurrentPosition(), name + " = " + value);
      continue;
    }
    REQUIRE((tag & 7) == 2);
    std::uint32_t length = 0;
    REQUIRE(in.ReadVarint32(&length));
    const int after = in.CurrentPosition();
    Bytes value;
    REQUIRE(in.ReadString(&value, static_cast<int>(length)));
    const bool is_entry = field->full_name() == "fundtrail.v1.SignedEntry.entry";
    const pb::Descriptor* inner = is_entry ? v1::Entry::descriptor() : field->message_type();
    if (inner != nullptr) {
      line(begin, after,
           name + ", " + std::to_string(length) + " bytes" + (is_entry ? ": what is signed" : ""));
      Walk(value, inner, depth + 1, out);
    } else if (field->is_packed()) {
      line(begin, after, name + ", packed: " + Hex(value));
    } else {
      line(begin, after, name + ": " + (Readable(value) ? value : Hex(value)));
    }
  }
}

std::string WorkedExample() {
  Need(crypto::Init());
  const auto author = Need(crypto::SigningKey::FromSeed(Bytes(32, '\x01')));
  auto own = Need(crypto::SigningKey::FromSeed(Bytes(32, '\x02')));
  TestClock clock;
  const auto signed_bytes = [&](std::uint64_t id, const std::vector<v1::Action>& actions) {
    v1::Entry entry = Entry("root", id, actions);
    entry.set_ledger(kName);
    return model::SerialiseDeterministic(Need(model::SignEntry(entry, author)));
  };
  v1::Action genesis = Genesis({}, 1);
  genesis.mutable_genesis()->add_root_keys(Bytes(author.public_key().view()));
  const auto ledger = Need(log::Ledger::Create(store::MakeMemoryStore(), kName, std::move(own),
                                               signed_bytes(0, {genesis}), clock.Read()));
  clock.now += 1'000'000;
  const Bytes second =
      signed_bytes(1, {Party("donor", "root", v1::ROLE_SOURCE), Party("village", "root", v1::ROLE_RECIPIENT),
                       Asset("CNY"), Fund("flood", "root"), Pay("donor", "village", 12'345)});
  Need(ledger->AppendOne(second, clock.Read()).status());
  const auto row = [&](const Bytes& key) { return *Need(ledger->store().Get(key)); };
  const Bytes records[] = {row(keys::Record(RecordIndex(0))), row(keys::Record(RecordIndex(1)))};
  const Hash leaves[] = {tree::LeafHash(records[0]), tree::LeafHash(records[1])};

  std::string text;
  text += "author's seed      " + HexEncode(Bytes(32, '\x01')) + "\n";
  text += "author's key       " + HexEncode(author.public_key().view()) + "\n";
  text += "ledger's seed      " + HexEncode(Bytes(32, '\x02')) + "\n";
  text += "ledger's vkey      " + ledger->vkey() + "\n";
  for (int i = 0; i < 2; ++i) {
    text += "\nrecord " + std::to_string(i) + ": " + std::to_string(records[i].size()) + " bytes\n";
    Walk(records[i], v1::Record::descriptor(), 1, &text);
    text += "leaf hash          " + HexEncode(leaves[i].view()) + "\n";
  }
  text += "\nroot of both       " + HexEncode(tree::NodeHash(leaves[0], leaves[1]).view()) + "\n";
  text += "\ncheckpoint\n";
  std::stringstream note(row(keys::Checkpoint()));
  for (std::string line; std::getline(note, line);) text += line.empty() ? "\n" : "  " + line + "\n";
  text += "\nreceipt of record 1\n";
  std::stringstream receipt(tree::FormatProof({records[1], 1, {leaves[0]}, row(keys::Checkpoint())}));
  for (std::string line; std::getline(receipt, line);) text += line.empty() ? "\n" : "  " + line + "\n";
  text += "\nrows of the books after it: key = value\n";
  const auto cursor = ledger->store().Scan("", "\xff");
  for (; cursor->Valid(); cursor->Next()) {
    const char tag = cursor->key()[0];
    if (std::string_view("bNaoitlep").find(tag) == std::string_view::npos) continue;
    text += "  " + std::string(1, tag) + " " + Hex(cursor->key().substr(1)) +
            "\n      = " + Hex(cursor->value()) + "\n";
  }
  return text;
}

TEST_CASE("docs/formats.md shows these very bytes") {
  const std::string path = std::string(FUNDTRAIL_SOURCE_DIR) + "/docs/formats.md";
  std::ifstream file(path, std::ios::binary);
  std::string page{std::istreambuf_iterator<char>(file), {}};
  const std::string begin = "<!-- worked example -->\n```\n", end = "```\n<!-- end of it -->\n";
  const std::size_t from = page.find(begin), to = page.find(end);
  REQUIRE(from != std::string::npos);
  REQUIRE(to != std::string::npos);
  const std::string example = WorkedExample();
  if (std::getenv("FUNDTRAIL_WRITE_GOLDEN") != nullptr) {
    page = page.substr(0, from + begin.size()) + example + page.substr(to);
    std::ofstream(path, std::ios::binary) << page;
  }
  CHECK(page.substr(from + begin.size(), page.find(end) - from - begin.size()) == example);
}

}  // namespace
}  // namespace fundtrail::testing
