// Answers in Chinese: headings that are made of parts, and words that are others elsewhere, leave no English.
#include <catch2/catch.hpp>
#include <string>

#include "cli/render/answers.h"
#include "cli/render/coverage.h"
#include "cli/render/flows_by.h"
#include "cli/render/groups.h"
#include "cli/render/keys.h"
#include "cli/render/log.h"
#include "cli/render/pledges.h"
#include "cli/render/policies.h"
#include "cli/render/publicity.h"
#include "cli/render/receipt.h"
#include "cli/render/standing.h"
#include "cli/render/trace.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

std::string Chinese(const render::Shown& text) { return text.In(render::Language::kChinese); }

render::Style Endless() {
  render::Style style;
  style.width = render::kEndless;
  return style;
}

TEST_CASE("the heading of a trace is Chinese with a fund, a project, days and a record") {
  v1::TraceAnswer answer;
  const auto heading = [&](const std::string& question) {
    answer.set_question(question);
    const std::string text = Chinese(render::TraceTree(answer, Endless()));
    return text.substr(0, text.find('\n'));
  };
  CHECK(heading("Where the money of Red Cross in fund winter went, from 2026-01-01, until 2026-12-31") ==
        "Red Cross 在资金 winter 中的钱去了哪里，自 2026-01-01 起，截止 2026-12-31");
  CHECK(
      heading("Where the money of Red Cross in fund winter in project lunches came from, as of record 12") ==
      "Red Cross 在资金 winter、项目 lunches 中的钱从哪里来，截至第 12 号记录");
  CHECK(heading("Where the money of project lunches (Warm lunches) in fund winter went, until 2026-12-31") ==
        "项目 lunches (Warm lunches) 在资金 winter 中的钱去了哪里，截止 2026-12-31");
  CHECK(heading("Where the money of record 12 went") == "第 12 号记录的钱去了哪里");
  // A body may be called so.
  CHECK(heading("Where the money of Aid, from all went") == "Aid, from all 的钱去了哪里");
}

TEST_CASE("who pays whom by kind names the kinds in Chinese") {
  v1::FlowsByAnswer answer;
  answer.set_by(v1::FlowsByRequest::BY_KIND);
  auto* total = answer.add_totals();
  total->mutable_money()->set_asset("CNY");
  auto* line = answer.add_lines();
  line->set_from("DISBURSEMENT");
  line->mutable_money()->set_asset("CNY");
  const std::string text = Chinese(Text(answer, Endless()));
  CHECK_THAT(text, Contains("谁付给谁，按类型\n"));
  CHECK_THAT(text, Contains("支付") && !Contains("disbursement"));
}

TEST_CASE("states of pledges and seats, and periods, have the word that fits them") {
  v1::PledgesAnswer pledges;
  for (const auto state : {v1::PLEDGE_STATE_PLEDGE_IN_FORCE, v1::PLEDGE_STATE_PLEDGE_OVER})
    pledges.add_lines()->set_state(state);
  CHECK_THAT(Chinese(Text(pledges, v1::PledgesRequest(), Endless())),
             Contains("有效") && Contains("已过期限") && !Contains("in force"));
  v1::GroupAnswer group;
  for (const auto state :
       {v1::GroupSeat::STATE_ACCEPTED, v1::GroupSeat::STATE_NOT_BEGUN, v1::GroupSeat::STATE_OVER}) {
    auto* seat = group.add_seats();
    seat->set_state(state);
    auto* said = seat->mutable_seat()->mutable_action()->mutable_give_seat();
    said->set_id("s");
    said->set_from("2026-01-01");
  }
  CHECK_THAT(Chinese(Text(group, Endless())), Contains("已接受") && Contains("未开始") &&
                                                  Contains("已过期限") && Contains("自 2026-01-01 起") &&
                                                  !Contains("accepted"));
  CHECK_THAT(Text(group, Endless()).str(), Contains("not-begun") && Contains("from 2026-01-01"));
  v1::PoliciesAnswer policies;
  auto* line = policies.add_lines();
  line->mutable_policy()->mutable_action()->mutable_open_policy()->set_id("p");
  line->add_responsible()->set_party("county");
  CHECK_THAT(Chinese(Text(policies, v1::PoliciesRequest(), Endless())), Contains("不限期"));
}

TEST_CASE("how many people need help, and where a notice stands, is Chinese") {
  v1::CoverageAnswer coverage;
  coverage.mutable_total()->mutable_figures()->set_people(1'423);
  coverage.mutable_total()->mutable_figures()->set_people_at_least(1'420);
  CHECK_THAT(Chinese(Text(coverage, v1::CoverageRequest(), Endless())), Contains("1,420 至 1,423"));
  CHECK_THAT(Text(coverage, v1::CoverageRequest(), Endless()).str(), Contains("from 1,420 to 1,423"));
  v1::PublicityAnswer publicity;
  auto* line = publicity.add_notices();
  line->set_published("2026-02-01");
  line->mutable_notice()->set_id("n");
  line->mutable_notice()->set_from("2026-01-01");
  line->mutable_notice()->add_channels()->set_kind(v1::NoticeChannel::KIND_BOARD);
  line->mutable_notice()->mutable_channels(0)->set_where("Village hall");
  CHECK_THAT(Chinese(Text(publicity, Endless())),
             Contains("有效，记录于 2026-02-01") && Contains("公告栏 Village hall"));
  v1::OpenAnswer open;
  auto* call = open.add_calls()->mutable_call()->mutable_notice();
  call->set_id("c");
  for (const auto kind : {v1::Way::KIND_MONEY, v1::Way::KIND_TIME}) {
    auto* way = call->add_ways();
    way->set_kind(kind);
    way->set_what("coats");
  }
  CHECK_THAT(Chinese(Text(open, Endless())), Contains("资金: coats") || Contains("资金：coats"));
  CHECK_THAT(Chinese(Text(open, Endless())), Contains("时间: coats") || Contains("时间：coats"));
}

TEST_CASE("a log names actions in Chinese, and once with the word that --kind takes") {
  v1::LogAnswer log;
  for (const char* kind : {"register_party", "an_action_of_2030"}) {
    auto* done = log.add_records()->add_kinds();
    done->set_kind(kind);
    done->set_count(2);
  }
  v1::LogRequest request;
  request.add_kinds("register_party");
  const render::Shown text = Text(log, request, false, Endless());
  CHECK_THAT(Chinese(text), Contains("，含 登记机构\n") && Contains("登记机构 2\n") &&
                                Contains("an-action-of-2030 2，登记机构 (register-party) 2。\n"));
  CHECK_THAT(text.str(), Contains(", with register-party\n") &&
                             Contains("Actions: an-action-of-2030 2, register-party 2.\n"));
}

TEST_CASE("what a key may do is Chinese, and nobody is shown a table without a line") {
  v1::KeyAnswer keys;
  CHECK_THAT(Text(keys, Endless(), false).str(), Catch::StartsWith("There is no such grant.\n"));
  CHECK_THAT(Chinese(Text(keys, Endless(), false)), Catch::StartsWith("没有这样的授权。\n"));
  auto* grant = keys.add_keys();
  for (const auto permission : {v1::PERMISSION_DECLARE, v1::PERMISSION_PAY})
    grant->add_permissions(permission);
  grant->set_descendants(true);
  CHECK_THAT(Chinese(Text(keys, Endless(), false)), Contains("申报，付款；") && !Contains("declare"));
  CHECK_THAT(Text(keys, Endless(), false).str(), Contains("declare, pay; and for all parties below"));
}

TEST_CASE("what was judged is named in Chinese, as project or party") {
  v1::StandingAnswer standing;
  standing.set_register_("project");
  standing.set_id("roofs");
  standing.add_lines();
  CHECK_THAT(Chinese(Text(standing, Endless())),
             Contains("项目 roofs") && Contains("评估对象") && !Contains("project") && !Contains("超出"));
  CHECK_THAT(Text(standing, Endless()).str(), Contains("How project roofs stands on ") && Contains("over"));
  v1::EvaluationsAnswer evaluations;
  evaluations.add_lines()->mutable_evaluation()->mutable_action()->mutable_evaluate()->set_project("roofs");
  CHECK_THAT(Chinese(Text(evaluations, Endless(), false)), Contains("项目 roofs"));
}

TEST_CASE("a receipt says the kind of its payment in Chinese") {
  v1::ReceiptAnswer receipt;
  receipt.set_holds(true);
  receipt.mutable_entry()->add_actions()->mutable_transfer()->set_kind(v1::TRANSFER_KIND_DISBURSEMENT);
  CHECK_THAT(Chinese(Text(receipt, Endless())), Contains("支付") && !Contains("disbursement"));
}

TEST_CASE("how many needs do not count, or have a policy, is one or several in English") {
  v1::CoverageAnswer coverage;
  coverage.set_without_amount(1);
  const render::Shown one = Text(coverage, v1::CoverageRequest(), Endless());
  CHECK_THAT(one.str(), Contains("1 need in force without an amount"));
  CHECK_THAT(Chinese(one), Contains("1 项需求有效而未列金额"));
  coverage.set_not_verified(3);
  CHECK_THAT(Chinese(Text(coverage, v1::CoverageRequest(), Endless())), Contains("3 项需求尚不计入"));
  v1::PolicyGapsAnswer gaps;
  gaps.set_needs(4);
  gaps.set_with_policy(1);
  const v1::PolicyGapsRequest all;
  CHECK_THAT(Text(gaps, all, Endless()).str(), Contains("Of 4 needs that count there, 1 has a policy in"));
  gaps.set_with_policy(2);
  CHECK_THAT(Text(gaps, all, Endless()).str(), Contains("Of 4 needs that count there, 2 have a policy in"));
}

TEST_CASE("a payment into a project, and out of it into general money, is Chinese") {
  v1::ListAnswer list;
  auto* into = list.add_transfers()->mutable_transfer();
  into->set_to_project("lunches");
  auto* out = list.add_transfers()->mutable_transfer();
  out->set_project("lunches");
  out->set_to_general(true);
  CHECK_THAT(Chinese(Text(list, Endless())), Contains("转入 lunches") && Contains("lunches 至 一般资金"));
  CHECK_THAT(Text(list, Endless()).str(), Contains("to lunches") && Contains("lunches to general money"));
}

}  // namespace
}  // namespace fundtrail::testing
