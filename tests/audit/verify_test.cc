// Verify: an honest ledger holds; after any change to any row it does not, and the record or row is named.
#include "ledger/audit/verify.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "ledger/folder/folder.h"
#include "ledger/log/ledger.h"
#include "ledger/model/row_keys.h"
#include "ledger/tree/checkpoint.h"
#include "tests/audit/forging.h"
#include "tests/support/ledgers.h"
#include "tests/support/rows.h"

namespace fundtrail::testing {
namespace {

namespace keys = model::keys;

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
  const audit::VerifyOptions options = Trusting("no key");
  CHECK_FALSE(audit::VerifyStore(ledger->store(), options).ok());
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
        Need(folder::CreateFolder(dir, kLedgerName, SignedBytes(Entry("root", 0, {Genesis({1}, 1)}), {1}),
                                  clock, crypto::SystemRandom()));
    Fill(ledger.get(), clock);
    vkey = ledger->vkey();
  }
  const auto before = FilesOf(dir);
  const audit::VerifyOptions options = Trusting(vkey);
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
  audit::VerifyOptions options = Trusting(ledger->vkey());
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

TEST_CASE("records that a mirror changed do not convict the operator, whatever checkpoint was kept") {
  Kept kept;
  const auto ledger = kept.Fill();
  RecordList records = RecordsOf(ledger->store());
  records[5] = Edited(records[5],
                      [](v1::Record* record) { record->set_recorded_micros(record->recorded_micros() + 1); });
  const Shown forged = OnDisk(*ledger, Chained(records));  // no key: the checkpoint is the true one
  REQUIRE(forged.checkpoint == ledger->checkpoint());
  audit::VerifyOptions options = Trusting(ledger->vkey());
  for (std::uint64_t size = 1; size <= 8; ++size) {
    INFO(size);
    options.earlier = {{kept.at[size], "the checkpoint in old.txt"}};
    for (const auto& answer : {VerifyAsStore(*ledger, forged, options), VerifyAsArchive(forged, options)}) {
      INFO(answer.problem());
      CHECK_FALSE(answer.holds());
      CHECK(answer.problem().find("the records do not have the root that the checkpoint signs") == 0);
      CHECK(answer.problem().find("two histories") == std::string::npos);
      const bool changed =
          answer.problem().find("do not begin with the checkpoint in old.txt") != std::string::npos;
      CHECK(changed == (size > 5));
    }
  }
  // Two checkpoints convict at once, with no word about the records.
  const Shown signed_anew = ByOperator(records);
  options.earlier = {{kept.at[8], "the checkpoint in old.txt"}};
  CHECK(VerifyAsArchive(signed_anew, options).problem().find("the ledger's key signed two histories") !=
        std::string::npos);
}

TEST_CASE("a ledger shorter than what was kept does not hold, or is warned of when it may be a copy") {
  Kept kept;
  const auto ledger = kept.Fill();
  audit::VerifyOptions options = Trusting(ledger->vkey());
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
  audit::VerifyOptions options = Trusting(ledger->vkey());
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

// A source whose witnesses cosigned something, kept apart from its checkpoint.
class WithCosigned final : public audit::Source {
 public:
  WithCosigned(const store::Reader& rows, std::string cosigned)
      : inner_(audit::FromStore(rows)), cosigned_(std::move(cosigned)) {}
  StatusOr<std::optional<std::string>> Cosigned() override { return std::optional(cosigned_); }
  StatusOr<std::optional<std::string>> Checkpoint() override { return inner_->Checkpoint(); }
  Status Start(std::uint64_t from, std::uint64_t size) override { return inner_->Start(from, size); }
  StatusOr<audit::Records> Next() override { return inner_->Next(); }
  StatusOr<audit::Comparison> Compare(const store::Reader& replayed, std::uint64_t size) override {
    return inner_->Compare(replayed, size);
  }

 private:
  const std::unique_ptr<audit::Source> inner_;
  const std::string cosigned_;
};

TEST_CASE("what witnesses cosigned must be a beginning, and is all that they vouch for") {
  Need(crypto::Init());
  TestClock clock;
  const auto ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  Need(ledger->AppendOne(PaymentBytes(1), clock.Read()).status());
  const std::string early = ledger->checkpoint();
  Need(ledger->AppendOne(PaymentBytes(2), clock.Read()).status());
  const auto cosigned = [](const std::string& note, int key = 5) {
    tree::Note parsed = Need(tree::ParseNote(note));
    parsed.signatures.push_back(Need(tree::CosignNoteText(parsed.text, "w.example", Key(key), 7)));
    return tree::FormatNote(parsed);
  };
  audit::VerifyOptions options;
  options.vkey = ledger->vkey();
  options.policy =
      Need(tree::ParsePolicy("witness w " +
                             tree::FormatVkey(Need(tree::MakeVerifier(
                                 "w.example", tree::KeyType::kCosignature, Key(5).public_key()))) +
                             "\nquorum w\n"));
  const auto verify = [&](const std::string& note) {
    WithCosigned source(ledger->store(), note);
    return Need(audit::VerifySource(&source, options));
  };
  auto answer = verify(cosigned(ledger->checkpoint()));
  CHECK(answer.holds());
  CHECK(answer.warnings().empty());
  answer = verify(cosigned(early));
  CHECK(answer.holds());
  CHECK(answer.size() == 3);
  CHECK(answer.cosigned().size() == 2);
  CHECK(answer.cosignatures_size() == 1);
  REQUIRE(answer.warnings_size() == 1);
  CHECK(answer.warnings(0).find("vouch for the first 2 of 3 records") != std::string::npos);

  // Closed: without the quorum, by another's key, of another history, or of more than is shown.
  CHECK_FALSE(verify(early).holds());
  CHECK_FALSE(verify(cosigned(early, 6)).holds());
  CHECK_FALSE(verify("nonsense").holds());
  const auto resigned = [&](tree::Checkpoint checkpoint) {
    return cosigned(Need(tree::SignCheckpoint(checkpoint, Key(kLedgerKey))));
  };
  auto other = Need(tree::ParseCheckpoint(Need(tree::ParseNote(early)).text));
  other.root = tree::LeafHash("another history");
  answer = verify(resigned(other));
  CHECK_FALSE(answer.holds());
  CHECK(answer.problem().find("the checkpoint that witnesses cosigned has the root") == 0);
  other.size = 4;
  answer = verify(resigned(other));
  CHECK_FALSE(answer.holds());
  CHECK(answer.problem().find("the checkpoint that witnesses cosigned has 4 records") == 0);
}

}  // namespace
}  // namespace fundtrail::testing
