// Verify: an honest ledger holds; after any change to any row it does not, and the record or row is named.
#include "ledger/audit/verify.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "google/protobuf/stubs/logging.h"
#include "ledger/log/ledger.h"
#include "ledger/model/keys.h"
#include "ledger/store/memory.h"
#include "ledger/tree/checkpoint.h"
#include "tests/support/world.h"

namespace fundtrail::testing {
namespace {

namespace keys = model::keys;

log::Clock TickingClock() {
  auto now = std::make_shared<std::int64_t>(1'700'000'000'000'000);
  return [now] { return Timestamp(*now += 1000); };
}

void Fill(log::Ledger* ledger, const log::Clock& clock) {
  std::uint64_t id = 1;
  const auto append = [&](const std::vector<v1::Action>& actions, std::initializer_list<int> signers) {
    Need(ledger->AppendOne(SignedBytes(Entry("root", id++, actions), signers), clock).status());
  };
  append({Party("donor", "root", v1::SOURCE), Party("ministry", "root"),
          Party("village", "ministry", v1::RECIPIENT), Fund("flood", "root"), Asset("CNY"),
          Authorise(2, "root", {v1::PAY}, true)},
         {1});
  append({Pay("donor", "ministry", 500), Pay("donor", "ministry", 300)}, {2});
  append({Drawing(Pay("ministry", "village", 200), {Ref(2, 2)})}, {2});
  append({Pay("ministry", "village", 100)}, {2});
  append({Returning(Pay("village", "ministry", 40), Ref(3, 1), v1::RETURN)}, {2});
  append({Revoke(2, "root")}, {1});
  append({Pay("ministry", "village", 10)}, {1});
}

std::unique_ptr<log::Ledger> Honest() {
  Need(crypto::Init());
  google::protobuf::SetLogHandler(nullptr);  // damaged texts are what these tests make
  const auto clock = TickingClock();
  auto ledger = Need(log::Ledger::Create(store::MakeMemoryStore(), kLedgerName, Key(9),
                                         SignedBytes(Entry("root", 0, {Genesis({1}, 1)}), {1}), clock));
  Fill(ledger.get(), clock);
  return ledger;
}

v1::VerifyAnswer Verify(const store::Reader& rows, const std::string& vkey) {
  audit::VerifyOptions options;
  options.vkey = vkey;
  return Need(audit::VerifyStore(rows, options));
}

// The honest rows with one change.
v1::VerifyAnswer VerifyChanged(const log::Ledger& ledger, const Bytes& key,
                               const std::optional<Bytes>& value) {
  store::Overlay changed(static_cast<const store::Reader&>(ledger.store()));
  if (value.has_value()) {
    changed.Put(key, *value);
  } else {
    changed.Delete(key);
  }
  return Verify(changed, ledger.vkey());
}

void CheckNamed(const v1::VerifyAnswer& answer, const Bytes& key) {
  CHECK_FALSE(answer.holds());
  if (key[0] == keys::kRecordTag) {
    CHECK(answer.has_bad_record());
    CHECK(answer.bad_record() == ReadBigEndian64(ByteView(key).substr(1)));
  } else if (key == keys::Checkpoint()) {
    CHECK(answer.problem().find("checkpoint") != std::string::npos);
  } else {
    CHECK(answer.problem().find(keys::Describe(key)) != std::string::npos);
  }
}

TEST_CASE("another name's key cannot claim a ledger's records") {
  const auto ledger = Honest();
  const std::string name = "other.example/theirs";
  store::Overlay claimed(static_cast<const store::Reader&>(ledger->store()));
  const auto own = Need(tree::OpenCheckpoint(ledger->checkpoint(), Need(tree::ParseVkey(ledger->vkey()))));
  claimed.Put(keys::Checkpoint(), Need(tree::SignCheckpoint({name, own.size, own.root, {}}, Key(9))));
  const auto vkey =
      tree::FormatVkey(Need(tree::MakeVerifier(name, tree::KeyType::kEd25519, Key(9).public_key())));
  const auto answer = Verify(claimed, vkey);
  CHECK_FALSE(answer.holds());
  CHECK(answer.bad_record() == 0);
  CHECK(answer.problem().find("is signed for the ledger") != std::string::npos);
}

TEST_CASE("an honest ledger holds") {
  const auto ledger = Honest();
  const auto answer = Verify(ledger->store(), ledger->vkey());
  CHECK(answer.problem() == "");
  CHECK(answer.holds());
  CHECK(answer.size() == 8);
  CHECK(answer.signatures() == 8);
  CHECK(answer.transfers() == 6);
}

TEST_CASE("one flipped byte in any row is found and named") {
  const auto ledger = Honest();
  for (const auto& [key, value] : AllRows(ledger->store())) {
    if (value.empty()) continue;
    INFO(keys::Describe(key));
    for (const std::size_t at : {std::size_t{0}, value.size() / 3, value.size() / 2, value.size() - 1}) {
      INFO("byte " << at);
      Bytes flipped = value;
      flipped[at] = static_cast<char>(flipped[at] ^ 0x01);
      CheckNamed(VerifyChanged(*ledger, key, flipped), key);
    }
  }
}

TEST_CASE("every byte of one record counts") {
  const auto ledger = Honest();
  const Bytes key = keys::Record(RecordIndex(3));
  const Bytes value = *Need(ledger->store().Get(key));
  for (std::size_t at = 0; at < value.size(); ++at) {
    INFO("byte " << at);
    Bytes flipped = value;
    flipped[at] = static_cast<char>(flipped[at] ^ 0x80);
    CheckNamed(VerifyChanged(*ledger, key, flipped), key);
  }
}

TEST_CASE("a missing row, or one too many, is found and named") {
  const auto ledger = Honest();
  for (const auto& [key, value] : AllRows(ledger->store())) {
    INFO(keys::Describe(key));
    CheckNamed(VerifyChanged(*ledger, key, std::nullopt), key);
  }
  CHECK_FALSE(VerifyChanged(*ledger, keys::Hole(model::AccountNumber(77), Position(5)), "x").holds());
  CHECK_FALSE(VerifyChanged(*ledger, "zzz", "x").holds());
  CHECK(VerifyChanged(*ledger, keys::Record(RecordIndex(8)), "x").bad_record() == 8);
}

TEST_CASE("whom the auditor trusts decides") {
  const auto ledger = Honest();
  const auto other = Need(tree::MakeVerifier(kLedgerName, tree::KeyType::kEd25519, Key(5).public_key()));
  CHECK_FALSE(Verify(ledger->store(), tree::FormatVkey(other)).holds());
  audit::VerifyOptions options;
  options.vkey = "no key";
  CHECK_FALSE(audit::VerifyStore(ledger->store(), options).ok());
}

// An operator who has the ledger's own key and signs what he likes.
v1::VerifyAnswer VerifyForged(const std::function<void(v1::Record*)>& forge) {
  const auto ledger = Honest();
  store::Overlay forged(static_cast<const store::Reader&>(ledger->store()));
  tree::Frontier tree;
  Hash previous;
  for (std::uint64_t i = 0; i < ledger->size(); ++i) {
    v1::Record record = Need(log::ParseRecord(*Need(ledger->store().Get(keys::Record(RecordIndex(i))))));
    record.set_previous(Bytes(previous.view()));
    if (i == 4) forge(&record);
    const Bytes bytes = model::SerialiseDeterministic(record);
    previous = tree::LeafHash(bytes);
    forged.Put(keys::Record(RecordIndex(i)), bytes);
    for (const auto& node : tree.Append(previous)) {
      forged.Put(keys::TreeNode(node.level, node.index), Bytes(node.hash.view()));
    }
  }
  const auto key = Key(9);
  forged.Put(keys::Checkpoint(),
             Need(tree::SignCheckpoint({kLedgerName, tree.size(), tree.Root(), {}}, key)));
  return Verify(forged, ledger->vkey());
}

TEST_CASE("the operator cannot forge, even with the ledger's key") {
  CHECK(VerifyForged([](v1::Record*) {}).holds());
  const auto pieces = VerifyForged([](v1::Record* record) {
    record->mutable_outcome()->mutable_transfers(0)->mutable_pieces(0)->set_from(1);
  });
  CHECK(pieces.bad_record() == 4);
  CHECK(pieces.problem().find("outcome") != std::string::npos);
  const auto unsigned_entry = VerifyForged([](v1::Record* record) {
    v1::Entry entry;
    entry.ParseFromString(record->signed_entry().entry());
    entry.mutable_actions(0)->mutable_transfer()->set_amount(99);
    record->mutable_signed_entry()->set_entry(model::SerialiseDeterministic(entry));
  });
  CHECK(unsigned_entry.bad_record() == 4);
  CHECK(unsigned_entry.problem().find("signature") != std::string::npos);
  const auto stranger = VerifyForged([](v1::Record* record) {
    *record->mutable_signed_entry() = Sign(Entry("root", 4, {Pay("ministry", "village", 100)}), {7});
  });
  CHECK(stranger.bad_record() == 4);
  const auto back_dated = VerifyForged([](v1::Record* record) { record->set_recorded_micros(1); });
  CHECK(back_dated.bad_record() == 4);
}

std::map<std::string, std::string> FilesOf(const std::filesystem::path& dir) {
  std::map<std::string, std::string> files;
  for (const auto& file : std::filesystem::recursive_directory_iterator(dir)) {
    if (!file.is_regular_file()) continue;
    std::ifstream in(file.path(), std::ios::binary);
    std::stringstream content;
    content << in.rdbuf();
    files[file.path().string()] = content.str();
  }
  return files;
}

TEST_CASE("verify never writes to what it verifies") {
  Need(crypto::Init());
  std::string dir = (std::filesystem::temp_directory_path() / "fundtrail-audit-XXXXXX").string();
  REQUIRE(mkdtemp(dir.data()) != nullptr);
  const auto clock = TickingClock();
  std::string vkey;
  {
    auto ledger =
        Need(log::CreateFolder(dir, kLedgerName, SignedBytes(Entry("root", 0, {Genesis({1}, 1)}), {1}), clock,
                               crypto::SystemRandom()));
    Fill(ledger.get(), clock);
    vkey = ledger->vkey();
  }
  const auto before = FilesOf(dir);
  audit::VerifyOptions options;
  options.vkey = vkey;
  CHECK(Need(audit::VerifyFolder(dir, options)).holds());
  CHECK(FilesOf(dir) == before);
  std::filesystem::remove_all(dir);
}

}  // namespace
}  // namespace fundtrail::testing
