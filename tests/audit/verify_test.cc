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

struct Kept {
  std::vector<tree::Checkpoint> at{1};  // by size; the first is nothing

  // The honest ledger's checkpoints, one a record.
  std::unique_ptr<log::Ledger> Fill() {
    auto ledger = Honest();
    tree::Frontier tree;
    for (std::uint64_t i = 0; i < ledger->size(); ++i) {
      tree.Append(tree::LeafHash(Need(ledger->store().Get(keys::Record(RecordIndex(i)))).value()));
      at.push_back({kLedgerName, i + 1, tree.Root(), {}});
    }
    return ledger;
  }
};

TEST_CASE("a checkpoint that was kept is a beginning, or there are two histories") {
  Kept kept;
  const auto ledger = kept.Fill();
  REQUIRE(ledger->size() == 8);
  audit::VerifyOptions options;
  options.vkey = ledger->vkey();
  for (std::uint64_t size = 1; size <= 8; ++size) {
    INFO(size);
    options.earlier = {{kept.at[size], "the checkpoint in old.txt"}};
    auto answer = Need(audit::VerifyStore(ledger->store(), options));
    CHECK(answer.holds());
    REQUIRE(answer.earlier_size() == 1);
    CHECK(answer.earlier(0).size() == size);
    options.earlier[0].checkpoint.root.bytes[31] ^= 1;
    for (const bool may_be_longer : {false, true}) {
      options.earlier[0].may_be_longer = may_be_longer;
      answer = Need(audit::VerifyStore(ledger->store(), options));
      CHECK_FALSE(answer.holds());
      CHECK(answer.problem().find("the checkpoint in old.txt has the root") == 0);
      CHECK(answer.problem().find("two histories") != std::string::npos);
      CHECK(answer.earlier().empty());
    }
  }
}

TEST_CASE("a ledger shorter than what was kept does not hold, or is warned of when it may be a copy") {
  Kept kept;
  const auto ledger = kept.Fill();
  audit::VerifyOptions options;
  options.vkey = ledger->vkey();
  tree::Checkpoint longer = kept.at.back();
  longer.size = 9;
  options.earlier = {{longer, "the checkpoint in old.txt"}};
  auto answer = Need(audit::VerifyStore(ledger->store(), options));
  CHECK_FALSE(answer.holds());
  CHECK(answer.problem() ==
        "the checkpoint in old.txt has 9 records, and what is shown now has 8: records were taken away, or "
        "this "
        "is an older copy");
  options.earlier[0].may_be_longer = true;
  answer = Need(audit::VerifyStore(ledger->store(), options));
  CHECK(answer.holds());
  REQUIRE(answer.warnings_size() == 1);
  CHECK(answer.warnings(0).find("rolled back") != std::string::npos);
  CHECK(answer.earlier().empty());
}

TEST_CASE("under a policy, a checkpoint that its quorum did not cosign does not hold") {
  const auto ledger = Honest();
  const auto vkey = [](int number, tree::KeyType type, const std::string& name) {
    return tree::FormatVkey(Need(tree::MakeVerifier(name, type, Key(number).public_key())));
  };
  const std::string witness = "witness w " + vkey(5, tree::KeyType::kCosignature, "w.example") + "\n";
  audit::VerifyOptions options;
  options.vkey = ledger->vkey();
  options.policy = Need(tree::ParsePolicy(witness + "quorum none\n"));
  CHECK(Need(audit::VerifyStore(ledger->store(), options)).holds());
  options.policy = Need(tree::ParsePolicy(witness + "quorum w\n"));
  auto answer = Need(audit::VerifyStore(ledger->store(), options));
  CHECK_FALSE(answer.holds());
  CHECK(answer.problem().find("not cosigned by the policy's quorum \"w\"") != std::string::npos);

  store::Overlay cosigned(static_cast<const store::Reader&>(ledger->store()));
  tree::Note note = Need(tree::ParseNote(ledger->checkpoint()));
  note.signatures.push_back(Need(tree::CosignNoteText(note.text, "w.example", Key(5), 7)));
  cosigned.Put(keys::Checkpoint(), tree::FormatNote(note));
  answer = Need(audit::VerifyStore(cosigned, options));
  CHECK(answer.holds());
  REQUIRE(answer.cosignatures_size() == 1);
  CHECK(answer.cosignatures(0).seconds() == 7);

  options.policy =
      Need(tree::ParsePolicy("log " + vkey(8, tree::KeyType::kEd25519, kLedgerName) + "\nquorum none\n"));
  CHECK(audit::VerifyStore(ledger->store(), options).status().code() == absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace fundtrail::testing
