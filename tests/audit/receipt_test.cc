// Receipts: an honest one holds; each kind of damage, an operator's forgeries too, is told by its name.
#include "ledger/audit/receipt.h"

#include <catch2/catch.hpp>

#include "google/protobuf/stubs/logging.h"
#include "ledger/query/proofs.h"
#include "ledger/store/memory.h"
#include "ledger/tree/checkpoint.h"
#include "ledger/tree/merkle.h"
#include "ledger/tree/proof.h"
#include "tests/support/ledgers.h"
#include "tests/support/questions.h"

namespace fundtrail::testing {
namespace {

using tree::KeyType;

tree::Verifier LedgerKey(int number = kLedgerKey) {
  return Need(tree::MakeVerifier(kLedgerName, KeyType::kEd25519, Key(number).public_key()));
}

// Trusts the ledger's key, and asks for these witnesses: key number w under "w<number>.example".
tree::Policy Trusting(const std::vector<int>& witnesses = {}, int ledger_key = kLedgerKey) {
  tree::Policy policy;
  tree::PolicyMember all;
  all.name = "all";
  for (const int number : witnesses) {
    const std::string name = absl::StrCat("w", number);
    tree::PolicyMember witness;
    witness.name = name;
    witness.witness = {
        Need(tree::MakeVerifier(name + ".example", KeyType::kCosignature, Key(number).public_key())), ""};
    all.members.push_back(policy.members.size());
    policy.members.push_back(witness);
  }
  if (!witnesses.empty()) {
    all.threshold = witnesses.size();
    policy.quorum = policy.members.size();
    policy.members.push_back(all);
  }
  return Need(tree::ForLog(policy, LedgerKey(ledger_key)));
}

struct Issued {
  TestClock clock;
  std::unique_ptr<log::Ledger> ledger;
  v1::ProveAnswer answer;
  tree::Proof proof;

  Issued() {
    Need(crypto::Init());
    google::protobuf::SetLogHandler(nullptr);  // damaged texts are what these tests make
    ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
    for (std::uint64_t id = 1; id < 6; ++id)
      Need(ledger->AppendOne(PaymentBytes(id, 100 + static_cast<std::int64_t>(id)), clock.Read()).status());
    answer = Need(query::Prove(Need(query::MakeView(ledger->store())), ProveOf(3)));
    proof = Need(tree::ParseProof(Need(audit::MakeReceipt(answer))));
  }
};

v1::ReceiptAnswer Check(const tree::Proof& proof, const tree::Policy& policy = Trusting()) {
  return audit::VerifyReceipt(tree::FormatProof(proof), policy);
}
v1::ReceiptFault Fault(const tree::Proof& proof, const tree::Policy& policy = Trusting()) {
  const auto answer = Check(proof, policy);
  CHECK(answer.holds() == (answer.fault() == v1::RECEIPT_FAULT_RECEIPT_SOUND));
  CHECK(answer.problem().empty() == answer.holds());
  CHECK(answer.has_entry() == answer.holds());
  return answer.fault();
}

// What an operator can do: any bytes as the only leaf of a tree, under a checkpoint that the ledger's key signs.
tree::Proof Sealed(const Bytes& leaf, const std::string& ledger = kLedgerName) {
  tree::Proof proof;
  proof.extra = leaf;
  proof.checkpoint = Need(tree::SignCheckpoint({ledger, 1, tree::LeafHash(leaf), {}}, Key(kLedgerKey)));
  return proof;
}

v1::Record RecordOf(const Bytes& signed_entry) {
  v1::Record record;
  record.set_recorded_micros(1);
  record.set_previous(Bytes(32, '\0'));
  record.mutable_signed_entry()->ParseFromString(signed_entry);
  record.mutable_outcome();
  return record;
}

TEST_CASE("an honest receipt holds and says what it proves") {
  const Issued issued;
  const auto answer = Check(issued.proof);
  REQUIRE(answer.holds());
  CHECK(answer.index() == 3);
  CHECK(answer.checkpoint().ledger() == kLedgerName);
  CHECK(answer.checkpoint().size() == 6);
  CHECK(answer.checkpoint().note() == issued.ledger->checkpoint());
  CHECK(answer.entry().actions(0).transfer().amount() == 103);
  CHECK(answer.entry().author() == "root");
  REQUIRE(answer.signers_size() == 1);
  CHECK(answer.signers(0) == PublicKey(1));
  CHECK(answer.recorded_micros() >= issued.clock.now);
  CHECK(answer.leaf_hash() == tree::LeafHash(issued.answer.record()).view());
  CHECK(answer.quorum().empty());
}

TEST_CASE("each kind of damage has its name") {
  const Issued issued;
  tree::Proof proof = issued.proof;

  SECTION("the file is no proof") {
    const std::string text = tree::FormatProof(proof);
    CHECK(audit::VerifyReceipt("", Trusting()).fault() == v1::RECEIPT_FAULT_NOT_A_PROOF);
    CHECK(audit::VerifyReceipt("x" + text, Trusting()).fault() == v1::RECEIPT_FAULT_NOT_A_PROOF);
    CHECK(audit::VerifyReceipt(text.substr(0, text.find("\n\n")), Trusting()).fault() ==
          v1::RECEIPT_FAULT_NOT_A_PROOF);
  }
  SECTION("it carries no record") {
    proof.extra.clear();
    CHECK(Fault(proof) == v1::RECEIPT_FAULT_NO_RECORD);
  }
  SECTION("another ledger's key") {
    const auto answer = Check(proof, Trusting({}, kLedgerKey + 1));
    CHECK(answer.fault() == v1::RECEIPT_FAULT_WRONG_KEY);
    CHECK(answer.problem().find("the checkpoint is not signed by the key that was given") == 0);
  }
  SECTION("the checkpoint is no note") {
    proof.checkpoint = "ledger.example/aid\n";
    CHECK(Fault(proof) == v1::RECEIPT_FAULT_CHECKPOINT_BAD);
  }
  SECTION("the checkpoint was changed") {
    proof.checkpoint.replace(proof.checkpoint.find("\n6\n"), 3, "\n7\n");
    CHECK(Fault(proof) == v1::RECEIPT_FAULT_CHECKPOINT_BAD);
  }
  SECTION("its signature was changed") {
    tree::Note note = Need(tree::ParseNote(proof.checkpoint));
    note.signatures[0].bytes[9] ^= 1;
    proof.checkpoint = tree::FormatNote(note);
    CHECK(Fault(proof) == v1::RECEIPT_FAULT_CHECKPOINT_BAD);
  }
  SECTION("it is another log's checkpoint, signed by the same key under this name") {
    const std::string text = tree::FormatCheckpoint({"other.example", 1, tree::LeafHash(proof.extra), {}});
    proof.checkpoint =
        tree::FormatNote({text, {Need(tree::SignNoteText(text, kLedgerName, Key(kLedgerKey)))}});
    CHECK(Fault(proof) == v1::RECEIPT_FAULT_CHECKPOINT_BAD);
  }
  SECTION("the amount was changed in the record") {
    v1::Record record;
    REQUIRE(record.ParseFromString(proof.extra));
    v1::Entry entry;
    REQUIRE(entry.ParseFromString(record.signed_entry().entry()));
    entry.mutable_actions(0)->mutable_transfer()->set_amount(104);
    record.mutable_signed_entry()->set_entry(model::SerialiseDeterministic(entry));
    proof.extra = model::SerialiseDeterministic(record);
    const auto answer = Check(proof);
    CHECK(answer.fault() == v1::RECEIPT_FAULT_RECORD_CHANGED);
    CHECK(answer.problem().find("does not verify over these bytes") != std::string::npos);
  }
  SECTION("a byte of the record was changed, whichever") {
    for (std::size_t i = 0; i < issued.proof.extra.size(); ++i) {
      proof.extra = issued.proof.extra;
      proof.extra[i] ^= 1;
      const auto fault = Fault(proof);
      CHECK((fault == v1::RECEIPT_FAULT_RECORD_CHANGED || fault == v1::RECEIPT_FAULT_NOT_INCLUDED));
    }
  }
  SECTION("what the ledger added to the entry was changed: the entry is still signed") {
    v1::Record record;
    REQUIRE(record.ParseFromString(proof.extra));
    record.set_recorded_micros(record.recorded_micros() + 1);
    proof.extra = model::SerialiseDeterministic(record);
    CHECK(Fault(proof) == v1::RECEIPT_FAULT_NOT_INCLUDED);
  }
  SECTION("the proof was changed") {
    proof.path[1].bytes[0] ^= 1;
    CHECK(Fault(proof) == v1::RECEIPT_FAULT_NOT_INCLUDED);
    proof.path = issued.proof.path;
    proof.path.pop_back();
    CHECK(Fault(proof) == v1::RECEIPT_FAULT_NOT_INCLUDED);
  }
  SECTION("another index is stated") {
    proof.index = 4;
    CHECK(Check(proof).problem() ==
          "the record is not proved to be in the ledger: the record says that it is record 3, and the proof "
          "is of "
          "record 4");
    CHECK(Fault(proof) == v1::RECEIPT_FAULT_NOT_INCLUDED);
  }
  SECTION("any byte of the file changed is found") {
    const std::string text = tree::FormatProof(proof);
    for (std::size_t i = 0; i < text.size(); ++i) {
      std::string changed = text;
      changed[i] ^= 1;
      INFO("byte " << i);
      CHECK_FALSE(audit::VerifyReceipt(changed, Trusting()).holds());
    }
  }
}

TEST_CASE("what an operator seals that nobody signed is found, though the proof holds") {
  const Issued issued;
  CHECK(Fault(Sealed(model::SerialiseDeterministic(RecordOf(GenesisBytes())))) ==
        v1::RECEIPT_FAULT_RECEIPT_SOUND);
  CHECK(Fault(Sealed("no record")) == v1::RECEIPT_FAULT_RECORD_WRONG);

  v1::Record record = RecordOf(PaymentBytes(1));
  record.mutable_signed_entry()->mutable_signatures(0)->at(5) ^= 1;
  CHECK(Fault(Sealed(model::SerialiseDeterministic(record))) == v1::RECEIPT_FAULT_ENTRY_SIGNATURE_BAD);
  record.mutable_signed_entry()->clear_signatures();
  CHECK(Fault(Sealed(model::SerialiseDeterministic(record))) == v1::RECEIPT_FAULT_ENTRY_SIGNATURE_BAD);

  record = RecordOf(PaymentBytes(1));
  record.set_index(1);
  CHECK(Fault(Sealed(model::SerialiseDeterministic(record))) == v1::RECEIPT_FAULT_RECORD_WRONG);

  v1::Entry entry = Entry("root", 1, {Pay("donor", "ministry", 5)});
  entry.set_ledger("other.example");
  const auto other = Check(Sealed(model::SerialiseDeterministic(RecordOf(SignedBytes(entry, {1})))));
  CHECK(other.fault() == v1::RECEIPT_FAULT_RECORD_WRONG);
  CHECK(other.problem() ==
        "the entry is signed for the ledger other.example, and the checkpoint is of ledger.example/aid");

  // The same record in other bytes: a field twice, of which the last counts.
  const Bytes twice = Bytes("\x10\x05", 2) + model::SerialiseDeterministic(RecordOf(GenesisBytes()));
  CHECK(Fault(Sealed(twice)) == v1::RECEIPT_FAULT_RECORD_WRONG);
}

TEST_CASE("under a policy the quorum must be there: no quorum, no yes") {
  const Issued issued;
  const auto cosigned = [&](const std::vector<int>& witnesses) {
    tree::Proof proof = issued.proof;
    tree::Note note = Need(tree::ParseNote(proof.checkpoint));
    for (const int number : witnesses) {
      note.signatures.push_back(Need(tree::CosignNoteText(note.text, absl::StrCat("w", number, ".example"),
                                                          Key(number), 1'772'359'300)));
    }
    proof.checkpoint = tree::FormatNote(note);
    return proof;
  };
  CHECK(Fault(cosigned({}), Trusting({5, 6})) == v1::RECEIPT_FAULT_NO_QUORUM);
  CHECK(Fault(cosigned({5}), Trusting({5, 6})) == v1::RECEIPT_FAULT_NO_QUORUM);
  CHECK(Fault(cosigned({5, 7}), Trusting({5, 6})) == v1::RECEIPT_FAULT_NO_QUORUM);
  const auto answer = Check(cosigned({5, 7, 6}), Trusting({5, 6}));
  REQUIRE(answer.holds());
  CHECK(answer.quorum() == "all");
  REQUIRE(answer.cosignatures_size() == 2);
  CHECK(answer.cosignatures(1).witness() == "w6");
  CHECK(answer.cosignatures(1).key_name() == "w6.example");
  CHECK(answer.cosignatures(1).seconds() == 1'772'359'300);
  CHECK(Check(cosigned({5, 6})).holds());  // without a policy, witnesses are strangers
  tree::Proof bad = cosigned({5, 6});
  bad.checkpoint[bad.checkpoint.size() - 10] ^= 1;
  CHECK(Fault(bad, Trusting({5, 6})) == v1::RECEIPT_FAULT_CHECKPOINT_BAD);
}

TEST_CASE("no receipt is made of an answer that does not hold") {
  const Issued issued;
  const auto refused = [](const v1::ProveAnswer& answer) {
    return audit::MakeReceipt(answer).status().code() == absl::StatusCode::kDataLoss;
  };
  v1::ProveAnswer answer = issued.answer;
  answer.set_index(2);
  CHECK(refused(answer));
  answer = issued.answer;
  answer.mutable_path()->RemoveLast();
  CHECK(refused(answer));
  answer = issued.answer;
  answer.set_path(0, "short");
  CHECK(refused(answer));
  answer = issued.answer;
  answer.mutable_record()->at(40) ^= 1;
  CHECK(refused(answer));
  answer = issued.answer;
  answer.mutable_as_of()->set_note("nothing");
  CHECK(refused(answer));
  answer = issued.answer;
  const auto forged = Sealed("no record");
  answer.set_record(forged.extra);
  answer.set_index(0);
  answer.clear_path();
  answer.mutable_as_of()->set_note(forged.checkpoint);
  CHECK(refused(answer));
}

}  // namespace
}  // namespace fundtrail::testing
