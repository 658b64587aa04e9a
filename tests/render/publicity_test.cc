// What was made public where, and how to take part, as they are printed.
#include "cli/render/publicity.h"

#include <catch2/catch.hpp>
#include <string>

#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

v1::PublicityAnswer Answer() {
  v1::PublicityAnswer answer;
  answer.mutable_as_of()->set_ledger("example.org/l");
  answer.mutable_as_of()->set_size(20);
  answer.set_on("2026-12-01");
  answer.set_since("2026-09-03");
  answer.set_days(90);
  answer.set_silent(1);
  answer.set_with_need(2);
  auto* place = answer.add_places();
  place->set_place("dafang");
  place->set_place_name("=Dafang");
  place->set_needs(3);
  place->set_silent(true);
  return answer;
}

TEST_CASE("publicity, in words and as a spreadsheet") {
  render::Style style;
  style.width = 200;
  const std::string text = render::Text(Answer(), style).str();
  CHECK_THAT(text, Contains("Notices that stood from 2026-09-03 to 2026-12-01, 90 days.\n"));
  CHECK_THAT(text, Contains("1 of 2 places with a verified need had no call that reached them.\n"));
  CHECK_THAT(text, Contains("silent"));
  CHECK(WithoutCheckpoint(render::PublicityCsv(Answer(), sheets::Cells::kRaw)) ==
        "place,place_name,silent,needs,reached_by,notices,calls,web,board,meeting,radio,message,announcers\n"
        "dafang,=Dafang,yes,3,0,0,0,0,0,0,0,0,0\n");
  CHECK_THAT(render::PublicityCsv(Answer(), sheets::Cells::kGuarded), Contains("dafang,'=Dafang,yes,3"));
}

TEST_CASE("a call says what, how, to whom and until when") {
  v1::OpenAnswer answer;
  answer.set_on("2026-12-01");
  auto* line = answer.add_calls();
  line->set_complaints_name("Inspection");
  line->mutable_call()->set_last("2026-12-10");
  line->mutable_call()->set_owner_name("County office");
  auto* call = line->mutable_call()->mutable_notice();
  call->set_id("help");
  call->set_name("冬衣");
  call->set_owner("county");
  call->set_complaints_to("inspection");
  call->set_contact("0857");
  auto* way = call->add_ways();
  way->set_kind(v1::Way::KIND_GOODS);
  way->set_what("Coats");
  way->set_unit("boxes");
  way->set_minimum(2);
  way->set_how("Bring them");
  const std::string text = render::Text(answer, {}).str();
  CHECK_THAT(text, Contains("  冬衣 (help), until 2026-12-10\n"
                            "    goods: Coats, at least 2 boxes. How: Bring them\n"
                            "    to County office (county), contact 0857\n"
                            "    complaints to Inspection (inspection)\n"));
  CHECK_THAT(text, Contains("No verified need is open.\n"));
  CHECK_THAT(text, Contains("No open project lacks money.\n"));
}

}  // namespace
}  // namespace fundtrail::testing
