// Rows that the disk damaged, or that somebody planted. Whatever is asked of them, there is an answer or DATA_LOSS with the
// row in words, and no end of the program. Of every kind of row: keys of every length, values cut, extended, and with other
// rows' fields; records with fields that no entry has.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <limits>
#include <random>

#include "ledger/audit/compare.h"
#include "ledger/log/head.h"
#include "tests/audit/all_kinds.h"
#include "tests/audit/all_questions.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

namespace keys = model::keys;

bool AreAllWanted() {
  const char* const all = std::getenv("FUNDTRAIL_CAMPAIGN");
  return all != nullptr && std::string(all) == "all";
}

constexpr std::size_t kTurns = 3;

class Campaign {
 public:
  // Each question and entry is asked of the honest ledger first, and answered.
  Campaign() : ledger_(LedgerOfAllKinds()), questions_(AllQuestions(*ledger_)), entries_(AllEntries()) {
    for (const auto& row : AllRows(ledger_->store())) by_tag_[row.first[0]].push_back(row);
    for (const char tag : keys::kTags) {
      INFO("rows " << tag);
      CHECK(by_tag_.count(tag) == 1);
    }
    store::Overlay honest(ledger_->store());
    CHECK(AskAll(honest, "").empty());
  }

  const log::Ledger& ledger() const { return *ledger_; }
  const std::map<char, std::vector<std::pair<Bytes, Bytes>>>& by_tag() const { return by_tag_; }

  // Puts the row there, in the place of another or not, and asks: a third of the questions, by turns, and all else. `named`: whoever
  // meets damage meets that row, and says so.
  void Plant(const Bytes& key, const Bytes& value, bool named) {
    INFO("key " << HexEncode(key) << " (" << keys::Describe(key) << "), value " << HexEncode(value));
    store::Overlay damaged(ledger_->store());
    damaged.Put(key, value);
    if (Need(ledger_->store().Get(key)) == value) return;
    ++planted;
    const auto told = AskAll(damaged, named ? keys::Describe(key) : "");
    if (!told.empty()) ++told_of[key.empty() ? '\0' : key[0]];
    // A verifier, whose rows are the honest ones. Records and the checkpoint are checked before all else.
    if (!key.empty() && (key[0] == keys::kRecordTag || key == keys::Checkpoint())) return;
    const auto compared = Need(audit::CompareRows(damaged, ledger_->store()));
    CHECK_THAT(compared.problem.value_or("nothing"), Contains(keys::Describe(key)));
  }

  std::size_t planted = 0;
  std::map<char, std::size_t> told_of;  // by tag: how many damages were met by a question

 private:
  // The sentences of those who met damage.
  std::vector<std::string> AskAll(const store::Reader& rows, const std::string& names) {
    std::vector<std::string> told;
    const auto take = [&](const Status& status, const std::string& who) {
      if (status.ok() || model::RefusalOf(status).has_value()) return;
      told.emplace_back(status.message());
      INFO(who << ": " << status.ToString());
      if (status.code() != absl::StatusCode::kDataLoss) FAIL_CHECK("neither an answer nor DATA_LOSS");
      if (!names.empty() && !Has(told.back(), names)) FAIL_CHECK("it does not name " << names);
      if (names.empty() && !Has(told.back(), "damaged") && !Has(told.back(), "the checkpoint is not signed"))
        FAIL_CHECK("it does not say what is damaged");
    };
    const auto view = query::MakeView(rows);
    take(view.status(), "the view");
    const std::size_t turns = rows_are_honest_ || AreAllWanted() ? 1 : kTurns;
    for (std::size_t i = planted % turns; view.ok() && i < questions_.size(); i += turns)
      take(questions_[i](*view), "question " + std::to_string(i));
    for (const auto& [bytes, what] : entries_) {
      const Status status =
          log::TryEntry(rows, bytes, [] { return Timestamp(1'800'000'000'000'000); }).status();
      if (names.empty() && told.empty() && model::RefusalOf(status).has_value() && rows_are_honest_)
        FAIL_CHECK(what << " is refused: " << status.ToString());
      take(status, what);
    }
    take(log::LoadHead(rows, Key(9).public_key()).status(), "whoever opens it");
    rows_are_honest_ = false;
    return told;
  }

  const std::unique_ptr<log::Ledger> ledger_;
  const std::vector<Asked> questions_;
  const std::vector<Tried> entries_;
  std::map<char, std::vector<std::pair<Bytes, Bytes>>> by_tag_;
  bool rows_are_honest_ = true;
};

// Without FUNDTRAIL_CAMPAIGN=all in the environment, one damage of so many, chosen anew each time.
class Chosen {
 public:
  explicit Chosen(std::uint64_t of) : seed_(std::random_device{}()), random_(seed_), of_(of) {
    if (AreAllWanted()) of_ = 1;
  }
  bool operator()() { return random_() % of_ == 0; }
  std::uint64_t seed() const { return seed_; }
  std::uint64_t random() { return random_(); }

 private:
  std::uint64_t seed_;
  std::mt19937_64 random_;
  std::uint64_t of_;
};

TEST_CASE("keys of every length, of every kind of row: an answer, or the row in words") {
  Campaign campaign;
  Chosen chosen(200);
  INFO("seed " << chosen.seed());
  for (const auto& [tag, rows] : campaign.by_tag()) {
    for (std::size_t length = 1; length <= 40; ++length) {
      const auto& [like, value] = rows[length % rows.size()];
      Bytes key = like.substr(0, length);
      while (key.size() < length) key.push_back(static_cast<char>(chosen.random()));
      Bytes elsewhere(1, tag);  // among others of its kind, or behind them
      while (elsewhere.size() < length) elsewhere.push_back(static_cast<char>(chosen.random()));
      for (const Bytes& planted : {key, elsewhere}) {
        const bool is_row = Need(campaign.ledger().store().Get(planted)).has_value();
        if (is_row) continue;
        for (const Bytes& with : {value, Bytes(), value.substr(0, value.size() / 2), Bytes("\xff\xfe\xfd")})
          if (chosen()) campaign.Plant(planted, with, false);
      }
    }
  }
  // What is between the kinds and behind them all; every one is met by whoever opens the ledger.
  for (const Bytes& key : {Bytes(), Bytes(1, '\0'), Bytes("B"), Bytes("L1"), Bytes("H\xff"), Bytes("Z"),
                           Bytes("\xff"), Bytes(5'000, '\xff')})
    campaign.Plant(key, "x", true);
  CHECK(campaign.told_of['\xff'] == 2);
  CHECK(campaign.planted > 30);
}

TEST_CASE("values cut and extended, of every kind of row: an answer, or that row in words") {
  Campaign campaign;
  Chosen chosen(200);
  INFO("seed " << chosen.seed());
  for (const auto& [tag, rows] : campaign.by_tag()) {
    for (const auto& [key, value] : rows) {
      for (const Bytes& with :
           {Bytes(), value.substr(0, value.size() / 2), value.substr(0, value.empty() ? 0 : value.size() - 1),
            value + '\0', value + value})
        if (chosen()) campaign.Plant(key, with, true);
    }
  }
  // Of each kind some row is told of in every run. Rows of D, d, f, q and v are empty; nobody reads the value of one of x but to
  // say whose it is.
  for (const char tag : std::string("AKRabceghijklmnoprstuwy")) {
    INFO("rows " << tag);
    for (const auto& [key, value] : campaign.by_tag().at(tag)) {
      for (std::size_t turn = 0; campaign.told_of[tag] == 0 && turn < kTurns; ++turn)
        campaign.Plant(key, value.substr(0, value.size() / 2), true);
    }
    CHECK(campaign.told_of[tag] > 0);
  }
}

TEST_CASE("values of other rows, and numbers that no row has: an answer, or what is damaged in words") {
  Campaign campaign;
  Chosen chosen(400);
  INFO("seed " << chosen.seed());
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  for (const auto& [tag, rows] : campaign.by_tag()) {
    for (const auto& [key, value] : rows) {
      for (const auto& other : rows)
        if (chosen()) campaign.Plant(key, other.second, false);
    }
    if (std::string("aAbuoiltpwN").find(tag) == std::string::npos) continue;
    for (const auto& [key, value] : rows) {
      for (std::size_t at = 0; at + 4 <= value.size(); at += 4) {
        for (const std::int64_t number : {std::int64_t{0}, std::int64_t{1}, std::int64_t{-1},
                                          std::int64_t{20}, std::int64_t{260}, kMost, kMost / 2, -kMost}) {
          Bytes with = value;
          Bytes bytes;
          AppendBigEndian64(&bytes, static_cast<std::uint64_t>(number));
          with.replace(at, std::min<std::size_t>(8, value.size() - at), bytes, 0,
                       std::min<std::size_t>(8, value.size() - at));
          if (chosen()) campaign.Plant(key, with, false);
        }
      }
    }
  }
  CHECK(campaign.told_of.size() >= 5);
}

TEST_CASE("records with fields that no entry has: an answer, or the record in words") {
  Campaign campaign;
  const Bytes key = keys::Record(RecordIndex(9));
  const Bytes honest = Need(campaign.ledger().store().Get(key)).value();
  using Edit = std::function<void(v1::Record*, v1::Entry*)>;
  const auto transfer = [](v1::Entry* entry) { return entry->mutable_actions(0)->mutable_transfer(); };
  struct Case {
    std::string what;
    Edit edit;
    std::string says;  // whoever shows it
  };
  const std::vector<Case> cases = {
      {"a date", [](v1::Record*, v1::Entry* e) { e->set_date("2026-99-01"); }, "a date that is not a day"},
      {"a value date", [&](v1::Record*, v1::Entry* e) { transfer(e)->set_value_date("never"); },
       "a date that is not a day"},
      {"no date", [](v1::Record*, v1::Entry* e) { e->clear_date(); }, "a date that is not a day"},
      {"a number", [](v1::Record* r, v1::Entry*) { r->set_index(3); }, "states another number"},
      {"a time", [](v1::Record* r, v1::Entry*) { r->set_recorded_micros(INT64_MAX); },
       "at a time that is not one"},
      {"a time before", [](v1::Record* r, v1::Entry*) { r->set_recorded_micros(INT64_MIN); },
       "at a time that is not one"},
      {"no outcome", [](v1::Record* r, v1::Entry*) { r->clear_outcome(); },
       "has an outcome of other transfers"},
      {"one too many", [](v1::Record* r, v1::Entry*) { r->mutable_outcome()->add_transfers(); },
       "has an outcome of other transfers"},
      {"no entry", [](v1::Record* r, v1::Entry*) { r->clear_signed_entry(); },
       "has an outcome of other transfers"},
      {"a payer", [&](v1::Record*, v1::Entry* e) { transfer(e)->set_from("nobody"); },
       "party nobody is missing"},
      {"an asset", [&](v1::Record*, v1::Entry* e) { transfer(e)->set_asset("ZZZ"); }, "asset ZZZ is missing"},
      {"an amount", [&](v1::Record*, v1::Entry* e) { transfer(e)->set_amount(INT64_MIN); }, ""},
      {"a kind", [&](v1::Record*, v1::Entry* e) { transfer(e)->set_kind(static_cast<v1::TransferKind>(99)); },
       ""},
      {"pieces",
       [](v1::Record* r, v1::Entry*) {
         auto* piece = r->mutable_outcome()->mutable_transfers(0)->mutable_pieces(0);
         piece->set_from(INT64_MAX);
         piece->set_length(INT64_MAX);
       },
       ""},
  };
  for (const Case& one : cases) {
    INFO(one.what);
    v1::Record record = Need(log::ParseRecord(honest));
    v1::Entry entry;
    REQUIRE(entry.ParseFromString(record.signed_entry().entry()));
    const bool has_entry = [&] {
      one.edit(&record, &entry);
      return record.has_signed_entry();
    }();
    if (has_entry) record.mutable_signed_entry()->set_entry(model::SerialiseDeterministic(entry));
    const Bytes bytes = model::SerialiseDeterministic(record);
    campaign.Plant(key, bytes, false);
    store::Overlay damaged(campaign.ledger().store());
    damaged.Put(key, bytes);
    const auto view = Need(query::MakeView(damaged));
    const Status shown = query::Show(view, ShowOf(9)).status();
    INFO(shown.ToString());
    CHECK((one.says.empty() ? shown.ok() : Has(std::string(shown.message()), one.says)));
    const auto answer = Verify(damaged, campaign.ledger().vkey());
    CHECK_FALSE(answer.holds());
    CHECK((answer.has_bad_record() ? answer.bad_record() == 9 : Has(answer.problem(), "root")));
  }
}

TEST_CASE("parties that stand above themselves, and a tree that is not a tree: walks end") {
  Campaign campaign;
  v1::RegisterRow row;
  REQUIRE(row.ParseFromString(Need(campaign.ledger().store().Get(keys::Party("ministry"))).value()));
  row.mutable_action()->mutable_register_party()->set_parent("county");  // which stands below it
  store::Overlay damaged(campaign.ledger().store());
  damaged.Put(keys::Party("ministry"), row.SerializeAsString());
  damaged.Put(keys::Child(v1::Action::kRegisterParty, "county", "ministry"), "");
  const auto view = Need(query::MakeView(damaged));
  const auto says = [](const Status& status, const std::string& what) {
    INFO(status.ToString());
    CHECK(status.code() == absl::StatusCode::kDataLoss);
    CHECK_THAT(std::string(status.message()), Contains(what));
  };
  says(AskRegisters(TreeOf("party", "county"))(view), "stands below itself");
  says(AskRegisters(TreeOf("party"))(view), "party tree root/ministry is not what the item says");
  const auto clock = [] { return Timestamp(1'800'000'000'000'000); };
  says(log::TryEntry(damaged, SignedBytes(Entry("root", 50, {Party("town", "county")}), {1}), clock).status(),
       "stands above itself");
  says(log::TryEntry(damaged, SignedBytes(Entry("county", 51, {Pay("county", "village", 1)}), {3}), clock)
           .status(),
       "stands above itself");
}

}  // namespace
}  // namespace fundtrail::testing
