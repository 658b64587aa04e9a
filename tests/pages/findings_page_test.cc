// The page of findings, its files and its feed: what they say, how they are narrowed, and where they are led to.
#include <catch2/catch.hpp>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "ledger/model/enum_word.h"
#include "ledger/model/finding_rules.h"
#include "ledger/pages/rule_words.h"
#include "ledger/pages/site_paths.h"
#include "ledger/pages/words.h"
#include "tests/pages/site_world.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

// The ministry pays the village the same once more, and with the same reference.
struct Audit : Site {
  Audit() {
    v1::Action twin = Pay("ministry", "village", 500);
    twin.mutable_transfer()->set_reference("INV-1");
    Do({twin});
    Do({twin});
  }
};

TEST_CASE("what was found is said by rule, with its payments, and narrowed to a rule, a party or a fund") {
  const Audit site;
  const std::string page = site.Body("/findings/");
  CHECK_THAT(page, Contains("What calls for a look?") && Contains("A finding accuses nobody."));
  CHECK_THAT(page, Contains("payments are alike: the same payment more than once"));
  CHECK_THAT(page, Contains("href=\"../payment/9.1/\""));
  CHECK_THAT(page, Contains("equal instalments, wages or grants on one day; one invoice in equal parts"));
  CHECK_THAT(page, Contains("href=\"./?kind=duplicate\""));
  CHECK_THAT(site.Body("/findings.csv"),
             Contains("payments are alike: the same payment more than once,DUPLICATE,serious,"
                      "Party ministry; Party village,flood,"));
  CHECK_THAT(site.Body("/findings.json"), Contains("\"PAYMENTS_ALIKE\""));
  CHECK_THAT(site.Body("/findings/?kind=duplicate"),
             Contains("payments are alike") && !Contains("money lies idle"));
  CHECK_THAT(site.Body("/findings/?kind=duplicate&party=county"),
             !Contains("the same payment more than once"));
  CHECK_THAT(site.Body("/findings/?kind=duplicate&fund=flood"), Contains("the same payment more than once"));
  CHECK_THAT(site.Body("/findings/?kind=duplicate&fund=school"),
             !Contains("the same payment more than once"));
  CHECK_THAT(site.Body("/@8/findings/"), !Contains("the same payment more than once"));
  CHECK_THAT(site.Body("/zh/findings/"),
             Contains("哪些地方值得查看？") && Contains("付款相同：同样的付款不止一次"));
  CHECK(site.Ask("/findings/?kind=none").status == 400);
  CHECK(site.Ask("/findings/?party=nobody").status == 404);
}

TEST_CASE("findings are led to from the first page, and from those of parties and funds") {
  const Audit site;
  CHECK_THAT(site.Body("/"), Contains("href=\"./findings/\""));
  CHECK_THAT(site.Body("/party/ministry/"), Contains("findings/?party=ministry\""));
  CHECK_THAT(site.Body("/fund/flood/"), Contains("findings/?fund=flood\""));
  const auto all = Need(pages::SitePaths(site.view()));
  for (const char* path : {"/findings/", "/zh/findings/", "/findings.csv", "/findings.json",
                           "/findings/feed.atom", "/zh/findings/feed.atom"})
    CHECK(all.count(path) == 1);
  CHECK_THAT(site.Ask("/party/ministry/", &all).body, Contains("href=\"../../findings/\""));
}

TEST_CASE("findings have a feed, whose entries keep their ids while they are about the same") {
  Audit site;
  const pages::Page page = site.Ask("/findings/feed.atom");
  CHECK(page.content_type == "application/atom+xml; charset=utf-8");
  const std::string twins =
      "<title>payments are alike: the same payment more than once, 5.00 CNY, Party ministry, Party "
      "village</title>";
  CHECK_THAT(page.body, Contains(twins));
  CHECK_THAT(page.body, Contains("<link rel=\"related\" href=\"../payment/9.1/\"/>"));
  const auto id_of = [](const std::string& feed, const std::string& title) {
    const std::size_t at = feed.find(title), id = feed.rfind("<id>", at);
    return feed.substr(id, feed.find('\n', id) - id);
  };
  const std::string id = id_of(page.body, twins);
  CHECK_THAT(id, Contains("/finding/"));
  // One more of the same: it is the same finding, of more money.
  v1::Action twin = Pay("ministry", "village", 500);
  twin.mutable_transfer()->set_reference("INV-1");
  site.Do({twin});
  const std::string later = site.Body("/findings/feed.atom");
  CHECK(id_of(later, "payments are alike: the same payment more than once, 10.00 CNY") == id);
}

TEST_CASE("each finding leads to what it rests on, and its grade is explained") {
  Audit site;
  const std::string page = site.Body("/findings/");
  CHECK_THAT(page, Contains("Worth a look: often innocent. Serious: it calls for an explanation.") &&
                       Contains("What each rule compares") && Contains("D is the day that is asked about."));
  CHECK_THAT(site.Body("/zh/findings/"),
             Contains("值得查看：往往无妨。严重：需要说明。") && Contains("各规则比较什么"));
  // A record that is no payment leads to its proof: a need that nobody helps was found by the record that made it.
  site.Do({Category("EDU")});
  const std::uint64_t need = site.Do({Asking(NeedAt("desks", "county", "gz", "EDU"), 10'000)});
  site.Do({Verify("desks", need)});
  const std::string left_out = site.Body("/findings/?kind=left-out");
  const std::set<std::string> links = LinksOf("/findings/", left_out);
  REQUIRE(links.count("/record/" + std::to_string(need) + ".tlog-proof") == 1);
  for (const std::string& link : links) {
    INFO(link);
    if (!IsArchives(link)) CHECK(site.Ask(link).status == 200);
  }
}

TEST_CASE("the feed of findings says in each language what would explain them, with the same ids") {
  const Audit site;
  const std::string english = site.Body("/findings/feed.atom");
  const pages::Page page = site.Ask("/zh/findings/feed.atom");
  CHECK(page.language == "zh");
  CHECK_THAT(english, Contains("serious. Rule DUPLICATE.") &&
                          Contains("The rule compares: payments of the same accounts") &&
                          Contains("Its parameters: run=20 the fewest payments of a run") &&
                          Contains("It may be innocent: equal instalments"));
  CHECK_THAT(page.body, Contains("xml:lang=\"zh\"") && Contains("严重。规则 DUPLICATE。") &&
                            Contains("可能无妨的原因：同一天等额的分期款") &&
                            Contains("<title>付款相同：同样的付款不止一次") &&
                            Contains("href=\"../payment/9.1/\""));
  const auto ids = [](const std::string& feed) {
    std::vector<std::string> all;
    for (auto at = feed.find("<id>"); at != std::string::npos; at = feed.find("<id>", at + 1))
      all.push_back(feed.substr(at, feed.find('\n', at) - at));
    return all;
  };
  CHECK(ids(english) == ids(page.body));
  CHECK_THAT(site.Body("/zh/findings/"), Contains("href=\"../../zh/findings/feed.atom\""));
}

TEST_CASE("each rule has words of its own on a page, and they are those of the program") {
  const Audit site;
  const std::string page = site.Body("/findings/"), chinese = site.Body("/zh/findings/");
  for (const model::FindingRuleText& rule : model::FindingRules()) {
    const std::string name = model::WordOf(rule.rule);
    INFO(name);
    for (const char* said : {rule.formula, rule.innocent}) {
      CHECK_THAT(page, Contains(pages::Text(said).bytes()));
      CHECK(pages::RuleWords(pages::Language::kChinese, said) != said);
      CHECK_THAT(chinese, Contains(pages::RuleWordsShown(pages::Language::kChinese, said).bytes()));
    }
    for (const model::FindingParameterRule& parameter : rule.parameters) {
      CHECK(pages::RuleWords(pages::Language::kChinese, parameter.says) != parameter.says);
      const std::string used =
          std::string("<code>") + parameter.name + "=" + std::to_string(parameter.usual) + "</code> ";
      CHECK_THAT(page, Contains(used + pages::Text(parameter.says).bytes()));
      CHECK_THAT(chinese, Contains(used));
    }
    CHECK(pages::EnumWord(pages::Language::kEnglish, rule.rule) !=
          pages::EnumWord(pages::Language::kChinese, rule.rule));
  }
  for (int kind = v1::Finding::Kind_MIN; kind <= v1::Finding::Kind_MAX; ++kind) {
    if (kind == v1::Finding::KIND_UNSPECIFIED || !v1::Finding::Kind_IsValid(kind)) continue;
    INFO(kind);
    const auto value = static_cast<v1::Finding::Kind>(kind);
    CHECK(pages::EnumWord(pages::Language::kEnglish, value) !=
          pages::EnumWord(pages::Language::kChinese, value));
  }
}

}  // namespace
}  // namespace fundtrail::testing
