// Tampering with records and checkpoints, by who has the disk and by who has the ledger's key too. It is found, with the
// number of the first bad record and the reason, in a store and in an archive. What is not found is in tampering_limits_test.cc.
#include <catch2/catch.hpp>

#include "tests/audit/forging.h"

namespace fundtrail::testing {
namespace {

constexpr char kTooEarly[] = "is not later than the record before it";

RecordList Inserted(RecordList records, std::size_t at, const v1::SignedEntry& entry) {
  v1::Record record;
  record.set_index(at);
  record.set_recorded_micros(Need(log::ParseRecord(records[at - 1])).recorded_micros() + 1);
  *record.mutable_signed_entry() = entry;
  record.mutable_outcome();
  records.insert(records.begin() + static_cast<std::ptrdiff_t>(at), model::SerialiseDeterministic(record));
  return records;
}
RecordList Changed(RecordList records, std::size_t at, const std::function<void(v1::Record*)>& edit) {
  records[at] = Edited(records[at], edit);
  return records;
}
class Campaign {
 public:
  // The verdict on what is shown, as a store and as an archive.
  void Finds(const Shown& shown, std::uint64_t record, const std::string& why,
             const std::string& why_of_archive = "") const {
    Named(VerifyAsStore(*ledger, shown, options), record, why);
    Named(VerifyAsArchive(shown, options), record, why_of_archive.empty() ? why : why_of_archive);
  }
  // What no single record is to blame for.
  void Refuses(const Shown& shown, const std::string& why) const {
    for (const auto& answer : {VerifyAsStore(*ledger, shown, options), VerifyAsArchive(shown, options)}) {
      INFO(answer.problem());
      CHECK_FALSE(answer.holds());
      CHECK_FALSE(answer.has_bad_record());
      CHECK(answer.problem().find(why) == 0);
    }
  }

  const std::unique_ptr<log::Ledger> ledger = Honest();
  const RecordList records = RecordsOf(ledger->store());
  const audit::VerifyOptions options = Trusting(ledger->vkey());

 private:
  static void Named(const v1::VerifyAnswer& answer, std::uint64_t record, const std::string& why) {
    CHECK_FALSE(answer.holds());
    CHECK(answer.has_bad_record());
    CHECK(answer.bad_record() == record);
    CHECK(answer.problem() == absl::StrCat("record ", record, ": ", why));
  }
};

TEST_CASE("a record dropped, doubled, swapped or inserted on the disk is found by its number") {
  const Campaign here;
  REQUIRE(VerifyAsStore(*here.ledger, Untouched(*here.ledger), here.options).problem().empty());
  REQUIRE(VerifyAsArchive(Untouched(*here.ledger), here.options).problem().empty());
  const auto shown = [&](RecordList records) { return OnDisk(*here.ledger, std::move(records)); };
  for (std::size_t at = 0; at < 7; ++at) {
    INFO("record " << at);
    here.Finds(shown(Dropped(here.records, at)), at, absl::StrCat("states another number, ", at + 1));
    here.Finds(shown(Doubled(here.records, at)), at + 1, absl::StrCat("states another number, ", at));
    here.Finds(shown(Swapped(here.records, at)), at, absl::StrCat("states another number, ", at + 1));
  }
  here.Finds(shown(Dropped(here.records, 7)), 7, "is missing: the checkpoint counts more records",
             "tile/entries/000.p/8 holds 7 records, not 8");
  here.Finds(shown(Doubled(here.records, 7)), 8, "stands behind the checkpoint's last record",
             "tile/entries/000.p/8 goes on after its 8 records");
  const auto stranger = Sign(Entry("root", 99, {Pay("ministry", "village", 1)}), {7});
  here.Finds(shown(Inserted(here.records, 5, stranger)), 5, "states another hash for the record before it");
}

TEST_CASE("with the hash chain made again, the records still do not lead to the checkpoint") {
  const Campaign here;
  const auto shown = [&](const RecordList& records) { return OnDisk(*here.ledger, Chained(records)); };
  // One microsecond: no rule is broken, and the chain fits.
  for (const std::size_t at : {std::size_t{0}, std::size_t{4}, std::size_t{7}}) {
    INFO("record " << at);
    here.Refuses(shown(Changed(
                     here.records, at,
                     [](v1::Record* record) { record->set_recorded_micros(record->recorded_micros() - 1); })),
                 "the records do not have the root that the checkpoint signs");
  }
  here.Finds(shown(Dropped(here.records, 3)), 3, "the outcome of transfer 3.1 is not what the rules give");
  here.Finds(shown(Doubled(here.records, 4)), 5, kTooEarly);
  here.Finds(shown(Swapped(here.records, 4)), 5, kTooEarly);
}

TEST_CASE("with chain, tree and checkpoint made again by the ledger's key, the rules find what was moved") {
  const Campaign here;
  const std::string no_money =
      "its entry is against the rules: actions[0].transfer.amount: ministry holds 0.00 CNY in fund flood, "
      "and "
      "2.00 CNY should be paid";
  here.Finds(ByOperator(Dropped(here.records, 2)), 2, no_money);
  here.Finds(ByOperator(Swapped(here.records, 2)), 2, no_money);
  here.Finds(ByOperator(Dropped(here.records, 3)), 3,
             "the outcome of transfer 3.1 is not what the rules give");
  here.Finds(ByOperator(Swapped(here.records, 3)), 3,
             "the outcome of transfer 3.1 is not what the rules give");
  here.Finds(ByOperator(Dropped(here.records, 4)), 6,
             "the outcome of transfer 6.1 is not what the rules give");
  for (std::size_t at = 1; at < 8; ++at) {
    INFO("record " << at);
    here.Finds(ByOperator(Doubled(here.records, at)), at + 1, kTooEarly);
    here.Finds(ByOperator(Redated(Doubled(here.records, at))), at + 1,
               absl::StrCat("holds an entry id that record ", at, " had"));
  }
}

TEST_CASE("the ledger's key cannot speak for an author") {
  const Campaign here;
  const auto entry = [](std::initializer_list<int> signers) {
    return Sign(Entry("root", 99, {Pay("ministry", "village", 1)}), signers);
  };
  const std::string no_key =
      "its entry is against the rules: author: no key that signed may speak for party root at this point of "
      "the log";
  for (const std::size_t at : {std::size_t{3}, std::size_t{8}}) {
    INFO("record " << at);
    here.Finds(ByOperator(Inserted(here.records, at, entry({}))), at,
               "signers: needs 1 to 32 public keys: those that sign the entry");
    here.Finds(ByOperator(Inserted(here.records, at, entry({7}))), at, no_key);
    here.Finds(ByOperator(Inserted(here.records, at, entry({9}))), at, no_key);  // the ledger's own
  }
  // A key that was revoked in record 6.
  here.Finds(ByOperator(Inserted(here.records, 8, entry({2}))), 8, no_key);
  // Nor may one revocation more or less be told: what follows has no right, or the rule is broken.
  here.Finds(ByOperator(Inserted(here.records, 5, Sign(Entry("root", 99, {Revoke(2, "root")}), {1}))), 6,
             no_key);

  const auto paying = [](std::int64_t amount) {
    return [amount](v1::Record* record) {
      v1::Entry changed;
      REQUIRE(changed.ParseFromString(record->signed_entry().entry()));
      changed.mutable_actions(0)->mutable_transfer()->set_amount(amount);
      record->mutable_signed_entry()->set_entry(model::SerialiseDeterministic(changed));
    };
  };
  const std::string bad_signature = absl::StrCat(
      "signatures[0]: the signature of key ", HexEncode(PublicKey(2)), " does not verify over these bytes");
  here.Finds(ByOperator(Changed(here.records, 4, paying(99))), 4, bad_signature);
  here.Finds(OnDisk(*here.ledger, Changed(here.records, 4, paying(99))), 4, bad_signature);
  const auto another_author = [&](v1::Record* record) { *record->mutable_signed_entry() = entry({7}); };
  here.Finds(ByOperator(Changed(here.records, 4, another_author)), 4, no_key);
}

TEST_CASE("the ledger's key cannot add a signer to an entry, take one away or exchange them") {
  const Campaign here;
  const auto signatures = [&](const std::function<void(v1::SignedEntry*)>& change) {
    auto signed_entry = Sign(Entry("root", 99, {Pay("donor", "ministry", 1)}), {1, 5});
    change(&signed_entry);
    return ByOperator(Inserted(here.records, 8, signed_entry));
  };
  using S = v1::SignedEntry;
  const std::string not_as_named = ": those sign whom the entry names, and nobody else";
  here.Finds(signatures([](S* it) { it->add_signatures(it->signatures(0)); }), 8,
             "signatures: signers 2, signatures 3" + not_as_named);
  here.Finds(signatures([](S* it) { it->mutable_signatures()->RemoveLast(); }), 8,
             "signatures: signers 2, signatures 1" + not_as_named);
  here.Finds(signatures([](S* it) { it->mutable_signatures()->SwapElements(0, 1); }), 8,
             absl::StrCat("signatures[0]: the signature of key ", HexEncode(PublicKey(1)),
                          " does not verify over these bytes"));
}

TEST_CASE("an entry in another encoding is found, though its author signed it so and it was sealed") {
  const Campaign here;
  v1::Entry entry = SignedBy(Entry("root", 99, {Pay("donor", "ministry", 1)}), {1});
  const Bytes bytes = model::SerialiseDeterministic(entry);
  const Bytes twice = Bytes("\x12\x01x", 3) + bytes;  // the author twice: the last one counts in every reader
  REQUIRE(entry.ParseFromString(twice));
  REQUIRE(model::SerialiseDeterministic(entry) == bytes);
  here.Finds(ByOperator(Inserted(here.records, 8, SignBytes(twice, {1}))), 8,
             "entry: the entry is not written in its one encoding: fields in ascending order, each once, "
             "defaults left out, numbers as short as they can be (docs/formats.md)");
}

TEST_CASE("the ledger's key cannot change what the rules made of an entry, nor date it before the last") {
  const Campaign here;
  const std::string other_outcome = "the outcome of transfer 4.1 is not what the rules give";
  const auto outcome = [](v1::Record* record) { return record->mutable_outcome()->mutable_transfers(0); };
  const struct {
    std::function<void(v1::Record*)> edit;
    std::string why;
  } kCases[] = {
      {[&](v1::Record* record) { outcome(record)->mutable_pieces(0)->set_from(1); }, other_outcome},
      {[&](v1::Record* record) { outcome(record)->mutable_pieces(0)->set_length(101); }, other_outcome},
      {[&](v1::Record* record) { outcome(record)->set_to_position(7); }, other_outcome},
      {[&](v1::Record* record) { outcome(record)->add_pieces()->set_length(1); }, other_outcome},
      {[&](v1::Record* record) { outcome(record)->clear_pieces(); }, other_outcome},
      {[](v1::Record* record) { record->mutable_outcome()->clear_transfers(); },
       "its outcome has 0 transfers, and the rules give 1"},
      {[](v1::Record* record) { record->mutable_outcome()->add_transfers(); },
       "its outcome has 2 transfers, and the rules give 1"},
      {[](v1::Record* record) { record->GetReflection()->MutableUnknownFields(record)->AddVarint(15, 1); },
       "its bytes are not as a record is written: something was added, or is written otherwise"},
      {[](v1::Record* record) { record->set_recorded_micros(1); }, kTooEarly},
      {[](v1::Record* record) { record->set_recorded_micros(record->recorded_micros() - 1000); }, kTooEarly},
  };
  for (const auto& one : kCases) {
    here.Finds(ByOperator(Changed(here.records, 4, one.edit)), 4, one.why);
    here.Finds(OnDisk(*here.ledger, Changed(here.records, 4, one.edit)), 4, one.why);
  }
}

TEST_CASE("a checkpoint by another key, of another ledger or over other records is not taken") {
  const Campaign here;
  Shown shown = Untouched(*here.ledger);
  const auto refuses = [&](const tree::Checkpoint& checkpoint, int key, const std::string& why) {
    shown.checkpoint = Need(tree::SignCheckpoint(checkpoint, Key(key)));
    here.Refuses(shown, why);
  };
  tree::Checkpoint checkpoint = CheckpointOver(here.records);
  refuses(checkpoint, 8, "the checkpoint is not signed by the key that was given");
  checkpoint.origin = "other.example/theirs";
  refuses(checkpoint, 9, "the checkpoint: ");
  checkpoint = CheckpointOver(here.records);
  checkpoint.root.bytes[0] ^= 1;
  refuses(checkpoint, 9, "the records do not have the root that the checkpoint signs");
  refuses(CheckpointOver({}), 9, "the checkpoint counts no record");
  for (const std::uint64_t size : {1, 3, 7}) {  // an older one of the ledger's own
    INFO("size " << size);
    shown.checkpoint = Need(tree::SignCheckpoint(
        CheckpointOver({here.records.begin(), here.records.begin() + static_cast<std::ptrdiff_t>(size)}),
        Key(9)));
    const auto answer = VerifyAsStore(*here.ledger, shown, here.options);
    CHECK(answer.bad_record() == size);
    CHECK(answer.problem() == absl::StrCat("record ", size, ": stands behind the checkpoint's last record"));
    CHECK(VerifyAsArchive(shown, here.options).problem() ==
          absl::StrCat("record 0: tile/entries/000.p/", size, " is missing"));
  }
  checkpoint = CheckpointOver(here.records);
  checkpoint.size = 9;
  shown.checkpoint = Need(tree::SignCheckpoint(checkpoint, Key(9)));
  CHECK(VerifyAsStore(*here.ledger, shown, here.options).problem() ==
        "record 8: is missing: the checkpoint counts more records");
}

}  // namespace
}  // namespace fundtrail::testing
