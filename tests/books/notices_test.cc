// What notices and calls must say: which the rules take, and which they refuse.
#include "ledger/books/notices.h"

#include <catch2/catch.hpp>
#include <functional>
#include <string>
#include <vector>

#include "tests/support/notices.h"
#include "tests/support/projects.h"
#include "tests/support/world.h"

namespace fundtrail::testing {
namespace {

using Change = std::function<void(v1::Announce*)>;

struct NoticeWorld : World {
  NoticeWorld() { Need(Do({Place("gz"), Notice("first", "county", "gz")}).status()); }
  std::string Say(v1::Action notice, const Change& change) {
    change(notice.mutable_announce());
    const auto outcome = Do({notice});
    return outcome.ok() ? "OK" : Verdict(outcome.status());
  }
};

TEST_CASE("a notice says where and how long, and a call how to take part") {
  struct Row {
    std::string story;
    v1::Announce::Kind kind;
    Change change;
    std::string verdict;
  };
  const auto add_channel = [](v1::NoticeChannel::Kind kind, const std::string& where) {
    return [=](v1::Announce* notice) {
      auto* channel = notice->add_channels();
      channel->set_kind(kind);
      channel->set_where(where);
    };
  };
  const auto add_way = [](const std::string& what, const std::string& unit = "",
                          const std::string& how = "") {
    return [=](v1::Announce* notice) {
      auto* way = notice->add_ways();
      way->set_kind(v1::Way::KIND_GOODS);
      way->set_what(what);
      way->set_unit(unit);
      way->set_how(how);
    };
  };
  const auto days = [](std::uint32_t number) {
    return [=](v1::Announce* notice) { notice->set_days(number); };
  };
  const auto both = [](const Change& one, const Change& other) {
    return [=](v1::Announce* notice) {
      one(notice);
      other(notice);
    };
  };
  const Change nothing = [](v1::Announce*) {};
  constexpr auto kPlan = v1::Announce::KIND_PLAN, kCall = v1::Announce::KIND_CALL,
                 kCorrection = v1::Announce::KIND_CORRECTION;
  const std::string at = "FIELD_INVALID at actions[0].announce";
  const std::vector<Row> rows = {
      {"a plan that stands 10 days", kPlan, nothing, "OK"},
      {"9 days are too few", kPlan, days(9), "NOTICE_SHORT at actions[0].announce.days"},
      {"so are they of a result", v1::Announce::KIND_RESULT, days(9),
       "NOTICE_SHORT at actions[0].announce.days"},
      {"no days at all", kPlan, days(0), at + ".days"},
      {"more than ten years", kPlan, days(3'661), at + ".days"},
      {"a call of one day", kCall, both(days(1), add_way("coats")), "OK"},
      {"a correction of one day", kCorrection, days(1), "OK"},
      {"a call without a way", kCall, nothing, at + ".ways"},
      {"a plan with a way", kPlan, add_way("coats"), at + ".ways"},
      {"the same way twice", kCall, both(add_way("coats"), add_way("coats")), at + ".ways"},
      {"two units of the same", kCall, both(add_way("coats"), add_way("coats", "boxes")), "OK"},
      {"a way with =", kCall, add_way("coats=many"), at + ".ways"},
      {"a unit with =", kCall, add_way("coats", "a=b"), at + ".ways"},
      {"how, with =", kCall, add_way("coats", "box", "a=b"), at + ".ways"},
      {"a way of nothing", kCall, add_way(""), at + ".ways[0].what"},
      {"another channel", kPlan, add_channel(v1::NoticeChannel::KIND_WEB, "gz.example"), "OK"},
      {"two boards", kPlan, add_channel(v1::NoticeChannel::KIND_BOARD, "village hall"), "OK"},
      {"the same board twice", kPlan, add_channel(v1::NoticeChannel::KIND_BOARD, ""), at + ".channels"},
      {"a channel with =", kPlan, add_channel(v1::NoticeChannel::KIND_WEB, "http://x/?a=b"),
       at + ".channels"},
      {"no channel", kPlan, [](v1::Announce* notice) { notice->clear_channels(); }, at + ".channels"},
      {"no place", kPlan, [](v1::Announce* notice) { notice->clear_places(); }, at + ".places"},
      {"no first day", kPlan, [](v1::Announce* notice) { notice->clear_from(); }, at + ".from"},
      {"a total with its asset", kPlan,
       [](v1::Announce* notice) {
         notice->set_total(500);
         notice->set_asset("CNY");
       },
       "OK"},
      {"a total of nothing that is known", kPlan, [](v1::Announce* notice) { notice->set_total(500); },
       at + ".asset"},
      {"a total below nothing", kPlan,
       [](v1::Announce* notice) {
         notice->set_total(-1);
         notice->set_asset("CNY");
       },
       at + ".total"},
      {"a document", kPlan, [](v1::Announce* notice) { notice->set_document(std::string(63, '0') + "f"); },
       "OK"},
      {"a document that is too short", kPlan,
       [](v1::Announce* notice) { notice->set_document(std::string(63, '0')); }, at + ".document"},
      {"a document in capitals", kPlan,
       [](v1::Announce* notice) { notice->set_document(std::string(63, '0') + "F"); }, at + ".document"},
      {"a correction of another notice", kCorrection,
       [](v1::Announce* notice) { notice->set_corrects("first"); }, "OK"},
      {"a correction of what there is not", kCorrection,
       [](v1::Announce* notice) { notice->set_corrects("nobody"); },
       "REFERENCE_UNKNOWN at actions[0].announce.corrects"},
      {"a plan that corrects", kPlan, [](v1::Announce* notice) { notice->set_corrects("first"); },
       at + ".corrects"},
  };
  for (const Row& row : rows) {
    INFO(row.story);
    NoticeWorld world;
    const std::string said = world.Say(Notice("n", "county", "gz", row.kind), row.change);
    CHECK(said.substr(0, row.verdict.size()) == row.verdict);
    CHECK((row.verdict == "OK") == (said == "OK"));
  }
}

TEST_CASE("a notice is published, amended and withdrawn by a key of its owner that may declare") {
  NoticeWorld world;
  Need(world
           .Do({Authorise(3, "county", {v1::PERMISSION_DECLARE}),
                Authorise(4, "charity", {v1::PERMISSION_DECLARE})})
           .status());
  const v1::Action notice = Notice("n", "county", "gz");
  CHECK(Verdict(world.Do({notice}, {4}, "charity").status()).substr(0, 18) == "KEY_NOT_AUTHORISED");
  const std::uint64_t record = world.next();
  CHECK(world.Do({notice}, {3}, "county").ok());
  v1::Action longer = Amending(ForDays(notice, 30), record);
  CHECK(Verdict(world.Do({Amending(ForDays(notice, 3), record)}, {3}, "county").status()).substr(0, 12) ==
        "NOTICE_SHORT");
  CHECK(Verdict(world.Do({longer}, {4}, "charity").status()).substr(0, 18) == "KEY_NOT_AUTHORISED");
  const std::uint64_t amended = world.next();
  CHECK(world.Do({longer}, {3}, "county").ok());
  CHECK(world.Do({End("notice", "n", amended)}, {3}, "county").ok());
}

}  // namespace
}  // namespace fundtrail::testing
