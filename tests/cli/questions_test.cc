// Twenty questions that people asked of real data, each with the command that answers it and the figures of the answer. The
// table of docs/questions.md is made from these.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/cli/asked.h"
#include "tests/cli/demo.h"
#include "tests/cli/page.h"
#include "tests/support/made_text.h"

namespace fundtrail::testing {
namespace {

// The demo of quickstart, and beside it the ledger `demo/small` that the page makes.
const Desk& QuestionsDesk() {
  static const Desk& ready = [] {
    const Desk& desk = Demo::Payments();
    std::filesystem::create_directory_symlink(std::string(FUNDTRAIL_SOURCE_DIR) + "/examples",
                                              desk.path("examples"));
    for (const std::string& command : CommandsOf(desk, "questions.md")) RunCommand(desk, command);
    return std::ref(desk);
  }();
  return ready;
}

const std::vector<Asked>& Questions() {
  static const std::vector<Asked> all = {
      {"Where did the money of the United States go?",
       {"trace from --party \"United States\" --min 20,000,000"},
       {"World Food Programme 81,467,437.00", "240,605,734.00 USD asked = 0.00 reached recipients"}},
      {"How much is for Jordan?",
       {"--ledger demo/small flows --by place"},
       {"Jordan (JOR) 15,835,144.00 1,330,943.00 1,438,193.00"}},
      {"Germany, as a sheet to add up",
       {"trace from --party \"Germany, Government of\" --csv"},
       {"what,from,from_name,to,to_name,fund,asset,amount,", ",ended,ledger,size,root,method"},
       "the column `ended` adds up to 29,129,842.00"},
      {"What did the United Kingdom give?",
       {"balance \"United Kingdom\" --below"},
       {"USD 102,701,607.00 102,701,607.00 0.00"}},
      {"And where did it go?",
       {"trace from --party \"United Kingdom\" --depth 1"},
       {"UN Agencies 38,610,038.00", "102,701,607.00 USD asked"}},
      {"What did UNICEF get, and from whom?",
       {"trace to --party \"United Nations Children's Fund\""},
       {"80,916,606.00 USD asked = 61,942,813.00 brought in by sources + 18,973,793.00 of unrecorded "
        "origin"}},
      {"Why were rows of the file rejected?",
       {"import csv demo/flows.csv --map examples/fts-afghanistan/fts.toml --key demo/root.key --as "
        "ocha-fts"},
       {"465 rows, 0 imported", "456 were in the ledger already", "9 rows rejected",
        "the rejected rows and why: demo/flows.csv.rejects.csv"},
       "",
       1},
      {"Who is in it?", {"party list"}, {"ActionAid International", "130 parties."}},
      {"Who gave the most?",
       {"top --by brought-in --role source --top 3"},
       {"United States of America, Government of", "United Kingdom, Government of", "3 of 35 bodies shown"}},
      {"How many donors are there?", {"summary"}, {"The largest donors of 34:"}},
      {"All donors, with what each gave",
       {"top --by brought-in --role source --top 0"},
       {"united-states-of-america-government-of 240,605,734.00", "35 bodies."}},
      {"What was given, day by day?",
       {"series --by day --since 2020-04-01 --until 2020-04-30"},
       {"2020-04-01 166,602,844.00 145,455.00"}},
      {"What of a fund's money is spent?",
       {"balance \"Afghanistan Humanitarian Fund\" --below"},
       {"USD 69,884,707.00 69,884,707.00 0.00"}},
      {"Who gets the fund's money, the largest payments first?",
       {"trace from --party \"Afghanistan Humanitarian Fund\" --min 2,000,000"},
       {"World Food Programme [humanitarian-2020, project hafg20-log] 3,000,000.00",
        "69,884,707.00 USD asked"}},
      {"What did a body get that is in the files under three names?",
       {"--ledger demo/small balance \"Government Property Agency\" --joined"},
       {"central GBP 100,000.00", "Counted under government-property-agency: GPA (GPA), by join gpa-1"}},
      {"What did a project cost?",
       {"project money \"Afghanistan 2020: Logistics\""},
       {"10,982,215.00 held + 0.00 ends here"}},
      {"Can dates like \"Friday, April 29, 2022\" be read?",
       {"--ledger demo/small import csv ministry.csv --key demo/root.key"},
       {"6 rows, 0 imported", "6 were in the ledger already", "0 rows rejected"}},
      {"Which body paid the most?",
       {"top --by paid --top 3"},
       {"United Kingdom, Government of", "Afghanistan Humanitarian Fund"}},
      {"What was paid to a body that the file does not name?",
       {"trace to --party \"details not yet provided\""},
       {"NGOs (details not yet provided)", "76,999,033.00 USD asked"}},
      {"Where did the masks go?",
       {"--ledger demo/small search 口罩 --kind transfer"},
       {"1,000 PCS, 湖北省红十字会 → 武汉协和医院: N95口罩"}},
  };
  return all;
}

TEST_CASE("each of twenty questions is answered, by as many commands as its page says") {
  const Desk& desk = QuestionsDesk();
  REQUIRE(Questions().size() == 20);
  for (const Asked& asked : Questions()) {
    DYNAMIC_SECTION(asked.words) { CheckAsked(desk, asked, "demo/ledger"); }
  }
}

TEST_CASE("the sheet of question 3 adds up to what Germany gave") {
  const auto csv =
      QuestionsDesk().Shell("( " + Program() +
                            " --ledger demo/ledger trace from --party 'Germany, Government of' --csv | "
                            "python3 -c 'import csv, sys; print(sum(float(row[\"ended\"] or 0) for row in "
                            "csv.DictReader(sys.stdin)))' )");
  CHECK(csv.out == "29129842.0\n");
}

TEST_CASE("the page of questions has the table of this test") {
  std::string table = "| question | `fundtrail …` | prints, among others | commands |\n|---|---|---|---|\n";
  for (const Asked& asked : Questions()) table += RowOf(asked);
  CompareBlock("docs/questions.md", "<!-- questions -->", "<!-- end of the questions -->", table);
}

}  // namespace
}  // namespace fundtrail::testing
