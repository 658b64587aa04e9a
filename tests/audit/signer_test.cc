// Rotated keys: the reader may give any key that the ledger had. What is signed beyond a key's time, endorsed by nobody or
// rotated without the root does not hold, and is told by its name.
#include "ledger/audit/signer.h"

#include <catch2/catch.hpp>

#include "google/protobuf/stubs/logging.h"
#include "ledger/audit/verify.h"
#include "ledger/model/row_keys.h"
#include "ledger/store/memory.h"
#include "ledger/tree/policy.h"
#include "tests/support/ledgers.h"
#include "tests/support/log_check.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

namespace keys = model::keys;

constexpr int kFirst = kLedgerKey, kSecond = 78, kThird = 79;

tree::Verifier Log(int key) {
  return Need(tree::MakeVerifier(kLedgerName, tree::KeyType::kEd25519, Key(key).public_key()));
}
std::string Vkey(int key) { return tree::FormatVkey(Log(key)); }
// Records 0 to 6; record 2 rotates to the second key, and record 4 to the third, endorsed or not.
struct Rotated {
  TestClock clock;
  std::unique_ptr<log::Ledger> ledger;
  std::vector<std::string> notes{""};  // the checkpoints, by size

  explicit Rotated(bool second_endorsed = true, bool third_endorsed = true) {
    Need(crypto::Init());
    google::protobuf::SetLogHandler(nullptr);  // damaged texts are what these tests make
    log::KeyRing ring;
    ring.prepared = [](const crypto::PublicKey& wanted) -> StatusOr<crypto::SigningKey> {
      for (const int key : {kSecond, kThird})
        if (Key(key).public_key() == wanted) return Key(key);
      return absl::NotFoundError("not here");
    };
    ledger = Need(log::Ledger::Create(store::MakeMemoryStore(), kLedgerName, Key(kFirst), GenesisBytes(),
                                      clock.Read(), ring));
    notes.push_back(ledger->checkpoint());
    Append(PaymentBytes(1));
    Append(SignedBytes(Entry("root", 2, {Rotate(kFirst, kSecond, second_endorsed)}), {1}));
    Append(PaymentBytes(3));
    Append(SignedBytes(Entry("root", 4, {Rotate(kSecond, kThird, third_endorsed)}), {1}));
    Append(PaymentBytes(5));
    Append(PaymentBytes(6));
  }
  void Append(const Bytes& entry) {
    Need(ledger->AppendOne(entry, clock.Read()).status());
    notes.push_back(ledger->checkpoint());
  }
  const store::Reader& rows() const { return ledger->store(); }

  // A checkpoint that the reader kept, by that key.
  audit::KeptCheckpoint Kept(std::uint64_t size, int given, bool seen = false) const {
    const auto shown = Need(audit::OpenPresented(notes[size], Log(given)));
    return {shown.checkpoint, "the checkpoint in old.txt", seen, shown.unverified};
  }
};

v1::VerifyAnswer Verify(const store::Reader& rows, int given, std::vector<audit::KeptCheckpoint> earlier = {},
                        const std::string& policy = "") {
  audit::VerifyOptions options;
  options.vkey = Vkey(given);
  options.earlier = std::move(earlier);
  if (!policy.empty()) options.policy = Need(tree::ParsePolicy(policy));
  return Need(audit::VerifyStore(rows, options));
}

// The rows with a checkpoint of their size, signed by another key.
std::unique_ptr<store::Overlay> SignedWith(const Rotated& of, int key) {
  auto rows = std::make_unique<store::Overlay>(of.rows());
  const auto own = Need(audit::OpenPresented(of.notes.back(), Log(kThird))).checkpoint;
  rows->Put(keys::Checkpoint(), Need(tree::SignCheckpoint(own, Key(key))));
  return rows;
}

// The rows with one record more, which the ledger would have refused, under a checkpoint by that key. Whoever holds the key
// and the disk can do so.
std::unique_ptr<store::Overlay> Forged(const store::Reader& before, std::uint64_t size,
                                       const v1::Entry& entry, std::initializer_list<int> signers, int key) {
  auto rows = std::make_unique<store::Overlay>(before);
  log::Tip tip = Need(log::LoadTip(before, size));
  v1::Record record;
  record.set_index(size);
  record.set_recorded_micros(tip.recorded.micros() + 1);
  record.set_previous(Bytes(tip.previous.view()));
  *record.mutable_signed_entry() = Sign(entry, signers);
  record.mutable_outcome();
  const Bytes bytes = model::SerialiseDeterministic(record);
  for (const tree::Node& node : tip.tree.Append(tree::LeafHash(bytes)))
    rows->Put(keys::TreeNode(node.level, node.index), Bytes(node.hash.view()));
  rows->Put(keys::Record(RecordIndex(size)), bytes);
  rows->Put(keys::Checkpoint(),
            Need(tree::SignCheckpoint({kLedgerName, size + 1, tip.tree.Root(), {}}, Key(key))));
  return rows;
}

TEST_CASE("a ledger holds under every key that it had, when each endorsed the next") {
  const Rotated rotated;
  for (const int given : {kFirst, kSecond, kThird}) {
    INFO(given);
    const auto answer = Verify(rotated.rows(), given);
    CHECK(answer.problem() == "");
    CHECK(answer.holds());
    CHECK(answer.vkey() == Vkey(kThird));
    REQUIRE(answer.ledger_keys_size() == 3);
    CHECK(answer.ledger_keys(0).vkey() == Vkey(kFirst));
    CHECK(answer.ledger_keys(1).record() == 2);
    CHECK(answer.ledger_keys(2).record() == 4);
    CHECK(answer.ledger_keys(2).endorsed());
  }
  const auto stranger = Verify(rotated.rows(), 5);
  CHECK_FALSE(stranger.holds());
  CHECK_THAT(stranger.problem(), Contains("is not one of the keys that the ledger's records name"));
}

TEST_CASE("a ledger that was never rotated holds under its key alone") {
  TestClock clock;
  const auto ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  const auto answer = Verify(ledger->store(), kFirst);
  CHECK(answer.holds());
  CHECK(answer.vkey() == Vkey(kFirst));
  CHECK(answer.ledger_keys().empty());
  const auto other = Verify(ledger->store(), kSecond);
  CHECK_FALSE(other.holds());
  CHECK_THAT(other.problem(), Contains("and no record replaces the key"));
}

TEST_CASE("a key that signs on after it was replaced is told, whichever key the reader has") {
  const Rotated rotated;
  for (const int given : {kFirst, kSecond, kThird}) {
    INFO(given);
    const auto by_first = Verify(*SignedWith(rotated, kFirst), given);
    CHECK_FALSE(by_first.holds());
    CHECK(by_first.problem() == "the checkpoint is signed with the key that was replaced by record 2");
    const auto by_second = Verify(*SignedWith(rotated, kSecond), given);
    CHECK_FALSE(by_second.holds());
    CHECK(by_second.problem() == "the checkpoint is signed with the key that was replaced by record 4");
    const auto by_nobody = Verify(*SignedWith(rotated, 5), given);
    CHECK_FALSE(by_nobody.holds());
    CHECK(by_nobody.problem() == "the checkpoint is signed by none of the keys that the records name");
  }
}

TEST_CASE("a signature that does not verify is no other key's signature") {
  const Rotated rotated;
  store::Overlay rows(rotated.rows());
  tree::Note note = Need(tree::ParseNote(rotated.notes.back()));
  note.signatures[0].bytes[5] = static_cast<char>(note.signatures[0].bytes[5] ^ 1);
  rows.Put(keys::Checkpoint(), tree::FormatNote(note));
  CHECK_THAT(Verify(rows, kThird).problem(), Contains("the checkpoint is not by"));
  CHECK(Verify(rows, kFirst).problem() ==
        "the checkpoint is signed by none of the keys that the records name");
}

TEST_CASE(
    "a rotation that the old key did not endorse holds for who has the new one, or kept an old checkpoint") {
  const Rotated rotated(true, false);
  CHECK(Verify(rotated.rows(), kThird).holds());
  for (const int given : {kFirst, kSecond}) {
    INFO(given);
    const auto alone = Verify(rotated.rows(), given);
    CHECK_FALSE(alone.holds());
    CHECK_THAT(alone.problem(),
               Contains("record 4 gives the ledger a new key without the word of the key before it"));
    CHECK_THAT(alone.problem(), Contains(Vkey(kThird)));
    for (const std::uint64_t size : {3, 4}) {  // by the second key
      const auto kept = Verify(rotated.rows(), given, {rotated.Kept(size, given)});
      CHECK(kept.problem() == "");
      CHECK(kept.holds());
    }
    CHECK(Verify(rotated.rows(), given, {rotated.Kept(1, given)}).holds() == (given == kFirst));
    // One of the new key says nothing to who does not trust that key yet, unless it was accepted before.
    CHECK_FALSE(Verify(rotated.rows(), given, {rotated.Kept(6, given)}).holds());
    CHECK(Verify(rotated.rows(), given, {rotated.Kept(6, given, true)}).holds());
  }
  const Rotated never(false, false);
  CHECK_FALSE(
      Verify(never.rows(), kFirst, {never.Kept(4, kFirst)}).holds());  // nothing leads to the second key
  // What the first key signed has the root in it, and the root's quorum every rotation from then on.
  CHECK(Verify(never.rows(), kFirst, {never.Kept(2, kFirst)}).holds());
}

TEST_CASE("checkpoints that were kept hold under the key of their time, whichever key the reader has") {
  const Rotated rotated;
  for (const int given : {kFirst, kSecond, kThird}) {
    for (std::uint64_t size = 1; size <= 7; ++size) {
      INFO(given << " at " << size);
      const auto answer = Verify(rotated.rows(), given, {rotated.Kept(size, given)});
      CHECK(answer.problem() == "");
      CHECK(answer.earlier_size() == 1);
    }
    // The first key at a size that is the second's: somebody signs with a key that was replaced.
    const auto own = rotated.Kept(4, given).checkpoint;
    const auto late = Need(audit::OpenPresented(Need(tree::SignCheckpoint(own, Key(kFirst))), Log(given)));
    const auto answer = Verify(rotated.rows(), given,
                               {{late.checkpoint, "the checkpoint in old.txt", false, late.unverified}});
    CHECK_FALSE(answer.holds());
    CHECK(answer.problem() ==
          "the checkpoint in old.txt is signed with the key that was replaced by record 2");
  }
  auto other = rotated.Kept(2, kThird);
  other.checkpoint.root.bytes[0] ^= 1;
  CHECK_THAT(Verify(rotated.rows(), kThird, {other}).problem(), Contains("two histories"));
  other = rotated.Kept(2, kThird);
  const auto forged = Need(tree::SignCheckpoint(other.checkpoint, Key(5)));
  other.unverified = forged;
  CHECK_THAT(Verify(rotated.rows(), kThird, {other}).problem(), Contains("signed by none of the keys"));
}

TEST_CASE("a rotation without the root's quorum is a bad record, whoever signs the checkpoint") {
  TestClock clock;
  const auto ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  for (const int signer : {kFirst, kSecond}) {
    const auto rows = Forged(ledger->store(), 1, Entry("root", 9, {Rotate(kFirst, kSecond)}), {9}, signer);
    const auto answer = Verify(*rows, kFirst);
    CHECK_FALSE(answer.holds());
    CHECK(answer.bad_record() == 1);
    CHECK_THAT(answer.problem(), Contains("against the rules"));
  }
}

TEST_CASE("an endorsement by another than the old key is a bad record") {
  TestClock clock;
  const auto ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  v1::Action action = Rotate(kFirst, kSecond);
  action.mutable_rotate_ledger_key()->set_endorsement(Rotate(5, kSecond).rotate_ledger_key().endorsement());
  const auto rows = Forged(ledger->store(), 1, Entry("root", 9, {action}), {1}, kSecond);
  const auto answer = Verify(*rows, kFirst);
  CHECK_FALSE(answer.holds());
  CHECK(answer.bad_record() == 1);
  CHECK_THAT(answer.problem(), Contains("not the old key's signature"));
}

TEST_CASE("a rotation that names a first key which never signed leads nobody who has the first key") {
  // The root's quorum agrees with whoever has the disk that key 5 was the ledger's first: nothing that was published
  // before fits.
  TestClock clock;
  const auto ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  const auto rows = Forged(ledger->store(), 1, Entry("root", 9, {Rotate(5, kSecond)}), {1}, kSecond);
  const auto answer = Verify(*rows, kFirst);
  CHECK_FALSE(answer.holds());
  CHECK_THAT(answer.problem(), Contains("is not one of the keys that the ledger's records name"));
}

TEST_CASE("a policy takes a rotated ledger when it lists no logs, or the key that signs now too") {
  const Rotated rotated;
  const auto log = [](int key) { return "log " + Vkey(key) + "\n"; };
  CHECK(Verify(rotated.rows(), kFirst, {}, "quorum none\n").holds());
  CHECK(Verify(rotated.rows(), kFirst, {}, log(kFirst) + log(kThird) + "quorum none\n").holds());
  const auto old_only = Verify(rotated.rows(), kFirst, {}, log(kFirst) + "quorum none\n");
  CHECK_FALSE(old_only.holds());
  CHECK_THAT(old_only.problem(), Contains("the policy lists other logs, and not the key " + Vkey(kThird)));
  const auto witness = tree::FormatVkey(
      Need(tree::MakeVerifier("w.example", tree::KeyType::kCosignature, Key(6).public_key())));
  const auto no_quorum = Verify(rotated.rows(), kFirst, {}, "witness w " + witness + "\nquorum w\n");
  CHECK_FALSE(no_quorum.holds());
  CHECK_THAT(no_quorum.problem(), Contains("not cosigned"));
}

}  // namespace
}  // namespace fundtrail::testing
