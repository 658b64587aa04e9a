// What pages are made of: markup, addresses, words, bars and tables.
#include "ledger/pages/html.h"

#include <catch2/catch.hpp>
#include <numeric>
#include <string>
#include <vector>

#include "fundtrail/v1/service.pb.h"
#include "ledger/base/decimal.h"
#include "ledger/pages/address.h"
#include "ledger/pages/bars.h"
#include "ledger/pages/escapes.h"
#include "ledger/pages/table.h"
#include "ledger/pages/words.h"
#include "tests/support/entries.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

TEST_CASE("text and attributes are escaped once, and elements nest") {
  using pages::Element;
  using pages::Text;
  CHECK(Text("<a href=\"x\">'&amp;'</a>").bytes() ==
        "&lt;a href=&quot;x&quot;&gt;&apos;&amp;amp;&apos;&lt;/a&gt;");
  CHECK(Element("a", {{"href", "?a=1&b=\">"}, {"rel", "nofollow"}}, Element("b", Text("x"))).bytes() ==
        "<a href=\"?a=1&amp;b=&quot;&gt;\" rel=\"nofollow\"><b>x</b></a>");
  CHECK(pages::Name("<b>").bytes() == "<bdi translate=\"no\">&lt;b&gt;</bdi>");
  CHECK(pages::Lone("meta", {{"name", "robots"}}).bytes() == "<meta name=\"robots\">\n");
  CHECK(Text(std::string("a\0b\x01", 4)).bytes() == "ab");
}

TEST_CASE("what is escaped for an address is read back") {
  for (const std::string text : {"a b", "100%", "文/..", "a+b&c=d", "gbt2260:52", "~._-"}) {
    INFO(text);
    CHECK(pages::UnescapedUri(pages::EscapedPart(text)) == text);
  }
  CHECK(pages::EscapedPart("gbt2260:52/..") == "gbt2260:52%2f..");
  CHECK(pages::UnescapedUri("a+b", ' ') == "a b");
  for (const char* bad : {"%", "%4", "%4x", "a%", "%-1"}) CHECK_FALSE(pages::UnescapedUri(bad).has_value());
}

TEST_CASE("an address is taken apart and put together") {
  const auto address = pages::ReadAddress("/zh/@412/embed/party/a.csv/went/", "fund=f%20g&asset=USD&since=");
  REQUIRE(address.has_value());
  CHECK(address->language == pages::Language::kChinese);
  CHECK(address->as_of == 412);
  CHECK(address->embed);
  CHECK(address->parts == std::vector<std::string>{"party", "a.csv", "went"});
  CHECK(address->form == pages::Form::kPage);
  CHECK(address->Path() == "party/a.csv/went/");
  CHECK(address->Front() == "zh/@412/");
  CHECK(address->ToRoot() == "../../../../../../");
  CHECK(address->Asked("fund") == "f g");
  CHECK(address->QueryWith({{"asset", ""}, {"after", "1.2"}}) == "?fund=f%20g&after=1.2");
  const auto file = pages::ReadAddress("/party/a.csv.json", "");
  REQUIRE(file.has_value());
  CHECK(file->parts == std::vector<std::string>{"party", "a.csv"});
  CHECK(file->form == pages::Form::kJson);
  CHECK(file->ToRoot() == "../");
  CHECK(pages::ReadAddress("/party/a/went.svg", "q=x&sort=paid")->form == pages::Form::kSvg);
  CHECK(pages::ReadAddress("/", "")->ToRoot() == "./");
  for (const char* bad :
       {"", "x", "//", "/a//b/", "/@/", "/@x/", "/@01/", "/@99999999999999999999/", "/.csv", "/%ff/"}) {
    INFO(bad);
    CHECK_FALSE(pages::ReadAddress(bad, "").has_value());
  }
  for (const char* bad : {"=x", "fund=f&=x", "%ff=%ff", "fund=f&fund=g"}) {
    INFO(bad);
    CHECK_FALSE(pages::ReadAddress("/payments/", bad).has_value());
  }
  CHECK(pages::ReadAddress("/payments/", "=&fund=&fund=f")->Asked("fund") == "f");
  const auto shared = pages::ReadAddress("/payments/", "fbclid=a&fund=f&fbclid=b");
  REQUIRE(shared.has_value());
  CHECK((shared->followed && !file->followed));
  CHECK(shared->Text() == "/payments/?fund=f");
}

TEST_CASE("sentences have their values in the places of their language") {
  CHECK(pages::SayText(pages::Language::kEnglish, pages::Word::kRowsOfFile, {"1", "9", "f.csv", "ab"}) ==
        "rows 1 to 9 of f.csv, SHA-256 ab");
  CHECK(pages::SayText(pages::Language::kChinese, pages::Word::kRowsOfFile, {"1", "9", "f.csv", "ab"}) ==
        "f.csv 第 1 至 9 行，SHA-256 ab");
  // A value is no sentence: what looks like a place in it stays.
  CHECK(pages::SayText(pages::Language::kEnglish, pages::Word::kPartyWent, {"{0} {1}"}) ==
        "{0} {1}: where the money went");
  CHECK(pages::Say(pages::Language::kEnglish, pages::Word::kPartyWent, {pages::Text("<b>")}).bytes() ==
        "&lt;b&gt;: where the money went");
}

TEST_CASE("every value that pages show has a word in both languages") {
  const std::vector<const google::protobuf::EnumDescriptor*> kShown = {
      v1::TransferKind_descriptor(),        v1::Role_descriptor(),
      v1::RegisterParty::Kind_descriptor(), v1::EndKind_descriptor(),
      v1::Acknowledge::Result_descriptor(), v1::ProjectState_descriptor(),
      v1::NeedState_descriptor(),           v1::VerifyNeed::Result_descriptor(),
      v1::CoverageState_descriptor(),       v1::CoverageLine::Kind_descriptor(),
      v1::Announce::Kind_descriptor(),      v1::Way::Kind_descriptor(),
      v1::RaiseConcern::Kind_descriptor(),  v1::ConcernLine::State_descriptor(),
      v1::Evaluate::Verdict_descriptor(),   v1::OpenPolicy::Instrument_descriptor(),
      v1::AssignDuty::Role_descriptor(),    v1::DutyLine::Acceptance_descriptor(),
      v1::SearchHit::Match_descriptor()};
  for (const auto* const of : kShown) {
    for (int i = 0; i < of->value_count(); ++i) {
      const auto* const value = of->value(i);
      if (Has(value->name(), "UNSPECIFIED") && of != v1::CoverageLine::Kind_descriptor()) continue;
      INFO(of->full_name() << " " << value->name());
      const std::string chinese = pages::EnumWord(pages::Language::kChinese, *of, value->number());
      CHECK(static_cast<unsigned char>(chinese[0]) >= 0x80);
      CHECK(pages::EnumWord(pages::Language::kEnglish, *of, value->number()) != "?");
    }
  }
  CHECK(pages::EnumWord(pages::Language::kEnglish, *v1::Role_descriptor(), 99) == "?");
}

TEST_CASE("parts of a hundred are a hundred together") {
  using Shares = std::vector<std::string>;
  CHECK(pages::OfHundred({1, 1, 1}, 3) == Shares{"33.34", "33.33", "33.33"});
  CHECK(pages::OfHundred({685, 315, 0}, 1'000) == Shares{"68.50", "31.50", "0.00"});
  CHECK(pages::OfHundred({INT64_MAX, 0}, INT64_MAX) == Shares{"100.00", "0.00"});
  CHECK(pages::OfHundred({1, 1}, 3).empty());  // they are not all of it
  CHECK(pages::OfHundred({-1, 4}, 3).empty());
  CHECK(pages::OfHundred({0}, 0).empty());
  std::uint64_t seed = 7;
  for (int round = 0; round < 300; ++round) {
    std::vector<std::int64_t> amounts(1 + static_cast<std::size_t>(round % 6));
    for (std::int64_t& amount : amounts) {
      seed = seed * 6'364'136'223'846'793'005ULL + 1'442'695'040'888'963'407ULL;
      amount = static_cast<std::int64_t>(seed >> 40);
    }
    const std::int64_t whole = std::accumulate(amounts.begin(), amounts.end(), std::int64_t{0});
    std::int64_t hundredths = 0;
    for (const std::string& share : pages::OfHundred(amounts, whole))
      hundredths += Need(ParseDecimal(share, 2)).value();
    CHECK(hundredths == 10'000);
  }
}

TEST_CASE("a bar is as long as its parts, and one that is nothing is not drawn") {
  const std::string bar = pages::Bar("b", "half \"and\" half", {{50, 0}, {0, 1}, {50, 2}}).bytes();
  CHECK_THAT(bar, Contains("aria-label=\"half &quot;and&quot; half\""));
  CHECK_THAT(bar, Contains("<rect x=\"0\" width=\"500\" height=\"24\" fill=\"#12436d\">"));
  CHECK_THAT(bar, Contains("<rect x=\"500\" width=\"500\" height=\"24\" fill=\"url(#b-2)\">"));
  CHECK_FALSE(Has(bar, "b-1"));
  CHECK_FALSE(Has(bar, "keys"));
  // What each colour means, but of nothing.
  const std::string keyed = pages::Bar("b", "", {{50, 3, "<held>"}, {0, 1, "gone"}}).bytes();
  CHECK_THAT(keyed, Contains("fill=\"url(#b-3)\"></rect></svg>\n &lt;held&gt;</span>") && !Contains("gone"));
}

TEST_CASE("a table is the same rows in both forms") {
  pages::Table table("Who & what", {{"Name"}, {"Id", false, true}, {"Amount", true}});
  table.Add({{pages::Name("=x"), "=x"}, {pages::Text("i"), "i"}, {pages::Text("1,000.00"), "1000.00"}},
            {{"data-record", "3"}});
  CHECK(table.Csv(false) == "Name,Id,Amount\n'=x,i,1000.00\n");
  CHECK(table.Csv(true) == "Name,Id,Amount\n=x,i,1000.00\n");
  const std::string shown = table.Shown(10).bytes();
  CHECK_THAT(shown, Contains("<caption>Who &amp; what</caption>"));
  CHECK_THAT(shown, Contains("<tr data-record=\"3\"><th scope=\"row\"><bdi translate=\"no\">=x</bdi></th><td "
                             "class=\"n\">1,000.00</td></tr>"));
  CHECK_FALSE(Has(shown, "<td>i</td>"));
  CHECK_FALSE(Has(table.Shown(0).bytes(), "=x"));
}

TEST_CASE("words that all rows of a table have stand once, in its caption") {
  const auto row = [](const char* name, const char* asset) {
    return std::vector<pages::Cell>{
        {pages::Text(name), name}, {pages::Text(asset), asset}, {pages::Text("7"), "7"}};
  };
  pages::Table table("Held", {{"Name"}, {"Asset"}, {"Amount", true}});
  table.Add(row("a", "CNY"));
  CHECK_THAT(table.Shown(9).bytes(),
             Contains("<caption>Held</caption>") && Contains("<td>CNY</td>"));  // one row
  table.Add(row("b", "CNY"));
  CHECK_THAT(table.Shown(9).bytes(),
             Contains("<caption>Held \u00b7 Asset CNY</caption>") && !Contains("<td>CNY</td>"));
  CHECK_THAT(table.Shown(9).bytes(), Contains("<td class=\"n\">7</td>"));  // amounts stay
  table.Add(row("c", "USD"));
  CHECK_THAT(table.Shown(9).bytes(), Contains("<td>CNY</td>") && Contains("<td>USD</td>"));
  CHECK_THAT(table.Shown(2).bytes(), Contains("Asset CNY"));  // of what is shown
  CHECK_THAT(table.Csv(true), Contains("a,CNY,7\nb,CNY,7\nc,USD,7\n"));
}

}  // namespace
}  // namespace fundtrail::testing
