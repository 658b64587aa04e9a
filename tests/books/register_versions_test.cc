// Earlier versions: as of every record, an item is as somebody who wrote everything down knows it.
#include <catch2/catch.hpp>
#include <map>
#include <optional>
#include <random>
#include <set>

#include "tests/support/seeded_books.h"

namespace fundtrail::testing {
namespace {

using model::Register;

// All versions that an item had: what a reader who wrote everything down would know.
struct Written {
  std::vector<v1::RegisterRow> versions;  // oldest first
  std::optional<v1::Ending> ended;

  std::optional<v1::RegisterRow> AsOf(std::uint64_t record) const {
    std::optional<v1::RegisterRow> last;
    for (const auto& version : versions)
      if (version.record() <= record) last = version;
    if (last.has_value() && ended.has_value() && ended->record() <= record) *last->mutable_ended() = *ended;
    return last;
  }
};

class AsOfGame {
 public:
  explicit AsOfGame(std::uint64_t seed) : random_(seed) {
    books_.Ready(*model::FindRegister(v1::Action::kFormGroup), {"g0", "g1", "g2", "g3"});
  }

  void Play(int rounds) {
    for (int round = 0; round < rounds; ++round) {
      const auto before = written_;
      std::vector<v1::Action> actions;
      std::set<std::pair<const Register*, std::string>> touched;
      std::string expected = "OK";
      for (std::uint64_t n = 1 + Below(3); n > 0 && expected == "OK"; --n) {
        const Register& of = model::Registers()[Below(model::Registers().size())];
        // A group is a party that is there.
        const std::string id = (of.action == v1::Action::kFormGroup ? "g" : "i") + std::to_string(Below(4));
        if (!touched.insert({&of, id}).second) continue;
        expected = Add(of, id, &actions);
      }
      if (actions.empty()) continue;
      const std::string verdict = Verdict(books_.Do(actions).status());
      REQUIRE(verdict.substr(0, verdict.find(' ')) == expected);
      if (expected != "OK") written_ = before;
      if (round % 20 == 19) Check();
    }
    Check();
  }
  std::size_t versions() const {
    std::size_t most = 0;
    for (const auto& one : written_) most = std::max(most, one.second.versions.size());
    return most;
  }

 private:
  std::uint64_t Below(std::uint64_t bound) { return random_() % bound; }

  // What is expected of one more action, and written down where it is taken.
  std::string Add(const Register& of, const std::string& id, std::vector<v1::Action>* actions) {
    const auto found = written_.find({of.action, id});
    const bool there = found != written_.end();
    const std::uint64_t present = there ? found->second.versions.back().record() : 1;
    const std::uint64_t named = Below(5) == 0 ? Below(books_.next() + 2) : present;
    const std::string reason = "because " + std::to_string(Below(100));
    const std::uint64_t kind = Below(8);
    const int variant = static_cast<int>(Below(3));
    if (kind == 0 || (!there && kind < 7)) {
      actions->push_back(WholeItem(of, id, variant));
      if (there) return "ID_TAKEN";
      v1::RegisterRow row;
      *row.mutable_action() = actions->back();
      row.set_record(books_.next());
      row.set_opened(books_.next());
      if (of.action == v1::Action::kRaiseConcern) row.set_opened_day(books_.day().days());
      if (of.action == v1::Action::kAnnounce) row.set_version_day(books_.day().days());
      written_[{of.action, id}].versions.push_back(row);
      return "OK";
    }
    const bool end = kind == 1 && of.ends;
    actions->push_back(end ? End(std::string(of.name), id, named, reason)
                           : Amending(WholeItem(of, id, variant), named, reason));
    if (!there) return "REFERENCE_UNKNOWN";
    Written& item = found->second;
    if (item.ended.has_value()) return "REFERENCE_ENDED";
    if (named != present) return "AMEND_STALE";
    if (end) {
      item.ended.emplace();
      item.ended->set_record(books_.next());
      item.ended->set_reason(reason);
      return "OK";
    }
    if (of.action == v1::Action::kEvaluate) return "FIELD_FIXED";
    v1::RegisterRow row;
    *row.mutable_action() = actions->back();
    row.set_record(books_.next());
    row.set_opened(item.versions.front().record());
    row.set_opened_day(item.versions.front().opened_day());
    if (of.action == v1::Action::kAnnounce) row.set_version_day(books_.day().days());
    item.versions.push_back(row);
    return "OK";
  }

  // After every record that there is, and one that is to come.
  void Check() {
    for (const auto& [name, item] : written_) {
      for (std::uint64_t record = 0; record <= books_.next(); ++record) {
        INFO(name.second << " of action " << name.first << " as of record " << record);
        const auto expected = item.AsOf(record);
        const auto now = Need(books::GetItem(books_.state(), name.first, name.second));
        const auto same = Need(books::AsOf(books_.state(), *now, RecordIndex(record)));
        REQUIRE(same.has_value() == expected.has_value());
        if (same.has_value()) REQUIRE(same->SerializeAsString() == expected->SerializeAsString());
      }
    }
  }

  std::mt19937_64 random_;
  SeededBooks books_;
  std::map<std::pair<v1::Action::ActionCase, std::string>, Written> written_;
};

TEST_CASE("as of every record, every item is in the version that it had then") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  AsOfGame game(seed);
  game.Play(300);
  CHECK(game.versions() > 3);
}

}  // namespace
}  // namespace fundtrail::testing
