// What the records alone cannot show: an operator who tells the whole history again by the rules, under the ledger's key. A
// checkpoint that a reader kept shows it, or a witness.
#include <catch2/catch.hpp>
#include <optional>

#include "tests/audit/forging.h"

namespace fundtrail::testing {
namespace {

struct Here {
  const std::unique_ptr<log::Ledger> ledger = Honest();
  const RecordList records = RecordsOf(ledger->store());
  const audit::VerifyOptions options = Trusting(ledger->vkey());
};

// The operator's own work: all entries but one go through the rules again, at the times that they had or a little earlier.
std::unique_ptr<log::Ledger> Retold(const RecordList& records, std::optional<std::size_t> without,
                                    std::int64_t earlier_micros = 0) {
  std::unique_ptr<log::Ledger> retold;
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (i == without) continue;
    const v1::Record record = Need(log::ParseRecord(records[i]));
    const Bytes entry = model::SerialiseDeterministic(record.signed_entry());
    const std::int64_t at = record.recorded_micros() - (i > 3 ? earlier_micros : 0);
    const log::Clock clock = [at] { return Timestamp(at); };
    if (retold == nullptr) {
      retold = Need(log::Ledger::Create(store::MakeMemoryStore(), kLedgerName, Key(9), entry, clock));
    } else {
      Need(retold->AppendOne(entry, clock).status());
    }
  }
  return retold;
}

// Verifies by itself; and does not, for who kept a checkpoint of more than `same` records or asks for a witness.
void CheckLimit(const Here& here, const log::Ledger& retold, std::size_t same) {
  auto options = here.options;
  CHECK(Need(audit::VerifyStore(retold.store(), options)).holds());
  CHECK(VerifyAsArchive(Untouched(retold), options).holds());
  for (std::size_t size = 1; size <= here.records.size(); ++size) {
    INFO("a checkpoint of " << size << " records was kept");
    const RecordList kept(here.records.begin(), here.records.begin() + static_cast<std::ptrdiff_t>(size));
    options.earlier = {{CheckpointOver(kept), "the checkpoint in old.txt"}};
    for (const auto& answer :
         {Need(audit::VerifyStore(retold.store(), options)), VerifyAsArchive(Untouched(retold), options)}) {
      CHECK(answer.holds() == (size <= same));
      const char* const why = size <= same           ? ""
                              : size > retold.size() ? "records were taken away, or this is an older copy"
                                                     : "the ledger's key signed two histories";
      CHECK(answer.problem().find(why) != std::string::npos);
    }
  }
  options = here.options;
  const auto witness =
      Need(tree::MakeVerifier("w.example", tree::KeyType::kCosignature, Key(5).public_key()));
  options.policy = Need(tree::ParsePolicy("witness w " + tree::FormatVkey(witness) + "\nquorum w\n"));
  tree::Note note = Need(tree::ParseNote(here.ledger->checkpoint()));
  note.signatures.push_back(Need(tree::CosignNoteText(note.text, "w.example", Key(5), 7)));
  Shown shown = Untouched(*here.ledger);
  shown.checkpoint = tree::FormatNote(note);
  REQUIRE(VerifyAsStore(*here.ledger, shown, options).holds());
  CHECK(Need(audit::VerifyStore(retold.store(), options))
            .problem()
            .find("not cosigned by the policy's quorum") != std::string::npos);
  // What the witness did cosign, over the new records.
  shown = Untouched(retold);
  shown.checkpoint = tree::FormatNote(note);
  CHECK_FALSE(VerifyAsStore(*here.ledger, shown, options).holds());
}

TEST_CASE("limit: a history told again by the rules holds; a kept checkpoint or a witness shows it") {
  const Here here;
  SECTION("a payment was never made") { CheckLimit(here, *Retold(here.records, 4), 4); }
  SECTION("the last record was never made") { CheckLimit(here, *Retold(here.records, 7), 7); }
  SECTION("records were taken earlier than they were") {
    CheckLimit(here, *Retold(here.records, {}, 500), 4);
  }
  SECTION("nothing was changed") {
    const auto same = Retold(here.records, {});
    CHECK(same->checkpoint() == here.ledger->checkpoint());
  }
  SECTION("two payments of one author changed places, with times to fit") {
    const RecordList swapped = Redated(Swapped(here.records, 4));
    CHECK(VerifyAsArchive(ByOperator(swapped), here.options).holds());
    auto options = here.options;
    options.earlier = {{CheckpointOver(here.records), "the checkpoint in old.txt"}};
    CHECK(VerifyAsArchive(ByOperator(swapped), options).problem().find("signed two histories") !=
          std::string::npos);
  }
}

TEST_CASE("limit: an older state of the ledger holds by itself; a kept checkpoint shows it") {
  const Here here;
  const auto older = Retold({here.records.begin(), here.records.begin() + 5}, {});
  auto options = here.options;
  CHECK(Need(audit::VerifyStore(older->store(), options)).holds());
  options.earlier = {{CheckpointOver(here.records), "the checkpoint in old.txt"}};
  auto answer = Need(audit::VerifyStore(older->store(), options));
  CHECK(answer.problem() ==
        "the checkpoint in old.txt has 8 records, and what is shown now has 5: records were taken away, or "
        "this "
        "is an older copy");
  options.earlier[0].may_be_longer = true;  // what verify itself remembered
  answer = Need(audit::VerifyStore(older->store(), options));
  CHECK(answer.holds());
  REQUIRE(answer.warnings_size() == 1);
  CHECK(answer.warnings(0).find("this is an older copy, or the ledger was rolled back") != std::string::npos);
}

}  // namespace
}  // namespace fundtrail::testing
