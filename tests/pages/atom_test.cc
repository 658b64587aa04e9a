// The Atom feed: its bytes, that a real parser takes it whatever the ledger says, and that full pages never change.
#include "ledger/pages/atom.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "ledger/pages/news_words.h"
#include "ledger/query/news.h"
#include "ledger/store/memory.h"
#include "tests/support/ledgers.h"
#include "tests/support/notices.h"
#include "tests/support/projects.h"
#include "tests/support/temp_dir.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

struct Feeding {
  TestClock clock;
  std::unique_ptr<log::Ledger> ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));

  Feeding() {
    Do({Place("gz"), Category("NUT"), Party("county", "root"), Seated(Party("auditor", "root"), "gz")});
  }
  std::uint64_t Do(const std::vector<v1::Action>& actions) {
    const std::uint64_t record = ledger->size();
    Need(ledger->AppendOne(SignedBytes(Entry("root", record, actions), {1}), clock.Read()).status());
    return record;
  }
  // Payments, until it has so many records.
  void FillTo(std::uint64_t size) {
    while (ledger->size() < size)
      Need(ledger->AppendOne(PaymentBytes(ledger->size(), 1), clock.Read()).status());
  }
  query::View view() const { return Need(query::MakeView(ledger->store())); }
  std::string Page(std::uint64_t page) const { return Need(pages::FeedPage(view(), page)); }
  std::string All() const { return Need(pages::Feed(view())); }
};

v1::Action Named(v1::Action notice, const std::string& name) {
  notice.mutable_announce()->set_name(name);
  return notice;
}

int CountOf(const std::string& text, const std::string& part) {
  int count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++count;
  return count;
}

TEST_CASE("the feed of a small ledger, byte for byte") {
  Feeding feeding;
  feeding.Do({Named(Notice("coats", "county", "gz"), "Coats for 大方"), Call("help", "county", "gz")});
  CHECK(
      feeding.All() ==
      "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
      "<feed xmlns=\"http://www.w3.org/2005/Atom\">\n"
      "<id>tag:ledger.example,2026-03-01:aid/feed</id>\n"
      "<title>ledger.example/aid</title>\n"
      "<updated>2026-03-01T10:00:00.000002Z</updated>\n"
      "<generator>fundtrail</generator>\n"
      "<link rel=\"self\" type=\"application/atom+xml\" href=\"../feed/atom.xml\"/>\n"
      "<entry>\n"
      "<id>tag:ledger.example,2026-03-01:aid/record/2</id>\n"
      "<title>Notice coats (plan): Coats for 大方 (and 1 more)</title>\n"
      "<updated>2026-03-01T10:00:00.000002Z</updated>\n"
      "<published>2026-03-01T10:00:00.000002Z</published>\n"
      "<author><name>root</name></author>\n"
      "<category term=\"notice\"/>\n"
      "<category term=\"call\"/>\n"
      "<link rel=\"related\" type=\"application/octet-stream\" title=\"Records 0 to 2, this one among them\" "
      "href=\"../tile/entries/000.p/3\"/>\n"
      "<content type=\"text\">Notice coats (plan): Coats for 大方\n"
      "Notice help (call): Notice help\n"
      "Record 2. Its proof: fundtrail proof 2\n"
      "</content>\n"
      "</entry>\n"
      "</feed>\n");
}

TEST_CASE("what is of interest has an entry, and a payment has none") {
  Feeding feeding;
  feeding.FillTo(4);
  CHECK(CountOf(feeding.All(), "<entry>") == 0);
  const std::uint64_t need = feeding.Do({NeedAt("rice", "county", "gz")});
  CHECK(CountOf(feeding.All(), "<entry>") == 0);
  feeding.Do({Verify("rice", need)});
  CHECK_THAT(feeding.All(), Contains("<title>Need rice confirmed</title>"));
  const std::uint64_t project = feeding.Do({Project("lunches", "county")});
  feeding.Do({Decide("lunches", project)});
  CHECK_THAT(feeding.All(), Contains("<title>Project lunches approved</title>"));
  const std::uint64_t notice = feeding.Do({Notice("plan", "county", "gz")});
  const std::uint64_t longer = feeding.Do({Amending(ForDays(Notice("plan", "county", "gz"), 30), notice)});
  CHECK_THAT(feeding.All(), Contains("<title>Amended: Notice plan (plan): Notice plan</title>"));
  feeding.Do({End("notice", "plan", longer)});
  CHECK_THAT(feeding.All(), Contains("<title>Notice plan withdrawn</title>"));
  CHECK(CountOf(feeding.All(), "<entry>") == 5);
  // The newest comes first.
  CHECK(feeding.All().find("withdrawn") < feeding.All().find("Need rice"));
}

TEST_CASE("a record of many notices has one entry of 20 lines") {
  Feeding feeding;
  std::vector<v1::Action> many;
  for (int i = 0; i < 25; ++i) many.push_back(Notice("n" + std::to_string(i), "county", "gz"));
  feeding.Do(many);
  const std::string feed = feeding.All();
  CHECK(CountOf(feed, "<entry>") == 1);
  CHECK_THAT(feed, Contains("(and 24 more)"));
  CHECK_THAT(feed, Contains("\nand 5 more\n"));
}

TEST_CASE("full pages never change, and lead to one another") {
  Feeding feeding;
  feeding.Do({Notice("first", "county", "gz")});
  feeding.FillTo(255);
  feeding.Do({Notice("last-of-page", "county", "gz")});
  const std::string page = feeding.Page(0);
  CHECK_THAT(page, Contains("<fh:archive/>"));
  CHECK_THAT(page,
             Contains("rel=\"next-archive\" type=\"application/atom+xml\" href=\"../../feed/atom/1.xml\""));
  CHECK(page.find("prev-archive") == std::string::npos);
  CHECK_THAT(page,
             Contains("title=\"Records 0 to 255, this one among them\" href=\"../../tile/entries/000\""));
  CHECK(CountOf(page, "<entry>") == 2);
  // Page 1 is there, and has nothing yet. The feed still has what stands on page 0.
  CHECK(CountOf(feeding.Page(1), "<entry>") == 0);
  CHECK(feeding.Page(1).find("<fh:archive/>") == std::string::npos);
  CHECK(CountOf(feeding.All(), "<entry>") == 2);
  CHECK_THAT(feeding.All(),
             Contains("rel=\"prev-archive\" type=\"application/atom+xml\" href=\"../feed/atom/0.xml\""));
  feeding.clock.now += 86'400'000'000;
  feeding.Do({Notice("next", "county", "gz")});
  CHECK(feeding.Page(0) == page);
  CHECK(CountOf(feeding.All(), "<entry>") == 3);
  feeding.FillTo(513);
  CHECK(feeding.Page(0) == page);
  CHECK_THAT(feeding.Page(1), Contains("<fh:archive/>"));
  CHECK_THAT(feeding.Page(1), Contains("href=\"../../feed/atom/0.xml\""));
  CHECK_THAT(feeding.Page(1), Contains("href=\"../../feed/atom/2.xml\""));
  CHECK(CountOf(feeding.All(), "<entry>") == 1);  // of the last two pages
}

query::NewsFilter OfKinds(const std::vector<std::string>& kinds) {
  query::NewsFilter filter;
  filter.kinds = kinds;
  return filter;
}

TEST_CASE("a feed of some kinds, or of what names something, has those entries and says what it is of") {
  Feeding feeding;
  feeding.Do({Place("other"), Party("charity", "root")});
  const std::uint64_t need = feeding.Do({NeedAt("rice", "county", "gz")});
  feeding.Do({Verify("rice", need)});
  feeding.Do({Notice("plan", "county", "gz"), Call("help", "charity", "other")});
  feeding.Do({Call("more", "county", "gz")});
  const auto told = [&](const query::NewsFilter& filter) {
    return Need(pages::FilteredFeed(feeding.view(), filter));
  };
  const std::string all = told({});
  CHECK(CountOf(all, "<entry>") == 3);
  CHECK_THAT(all, Contains("<subtitle>Only what is of interest. Of the records 0 to 6.</subtitle>"));
  CHECK(all.find("<link rel=\"self\"") == std::string::npos);
  // Of an entry of several lines those that are wanted.
  const std::string calls = told(OfKinds({"call"}));
  CHECK(CountOf(calls, "<entry>") == 2);
  CHECK_THAT(calls, Contains("<title>Notice help (call): Notice help</title>"));
  CHECK_THAT(calls, Contains("<subtitle>Only kind call. Of the records 0 to 6.</subtitle>"));
  CHECK_THAT(calls, Contains("<id>tag:ledger.example,2026-03-01:aid/feed/kind%20call</id>"));
  CHECK(calls.find("Notice plan") == std::string::npos);
  CHECK(calls.find("more") < calls.find("help"));
  CHECK(CountOf(told(OfKinds({"call", "need"})), "<entry>") == 3);
  query::NewsFilter other;
  other.of.set_place("other");
  CHECK(CountOf(told(other), "<entry>") == 1);
  CHECK_THAT(told(other), Contains("<title>Notice help (call): Notice help</title>"));
  other.of.clear_place();
  other.of.set_party("charity");
  CHECK(CountOf(told(other), "<entry>") == 1);
  other.kinds = {"notice"};
  CHECK(CountOf(told(other), "<entry>") == 0);
  const auto wrong = pages::FilteredFeed(feeding.view(), OfKinds({"payment"})).status();
  CHECK(wrong.code() == absl::StatusCode::kInvalidArgument);
  CHECK_THAT(std::string(wrong.message()), Contains("\"payment\" is not one of notice, call, verdict"));
}

TEST_CASE("a feed in Chinese says the same in Chinese, and its entries are others") {
  Feeding feeding;
  const std::uint64_t need = feeding.Do({NeedAt("rice", "county", "gz")});
  feeding.Do({Verify("rice", need)});
  std::vector<v1::Action> many = {Named(Notice("coats", "county", "gz"), "Coats for 大方")};
  for (int i = 0; i < 20; ++i) many.push_back(Call("c" + std::to_string(i), "county", "gz"));
  const std::uint64_t record = feeding.Do(many);
  const std::string english = Need(pages::FeedOf(feeding.view(), {"place", "gz", pages::Language::kEnglish}));
  const std::string chinese = Need(pages::FeedOf(feeding.view(), {"place", "gz", pages::Language::kChinese}));
  const std::string number = std::to_string(record), id = "<id>tag:ledger.example,2026-03-01:aid/";
  for (const auto& [one, other] : std::vector<std::pair<std::string, std::string>>{
           {"<feed xmlns=\"http://www.w3.org/2005/Atom\">",
            "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"zh\">"},
           {id + "feed/place%20gz</id>", id + "feed/place%20gz/zh</id>"},
           {id + "record/" + number + "</id>", id + "record/" + number + "/zh</id>"},
           {"<subtitle>Only place gz. Of the records 0 to " + number + ".</subtitle>",
            "<subtitle>仅含地点 gz。范围：第 0 至 " + number + " 号记录。</subtitle>"},
           {"<title>Notice coats (plan): Coats for 大方 (and 20 more)</title>",
            "<title>公告 coats（计划）：Coats for 大方（另有 20 项）</title>"},
           {"\nNotice c1 (call): ", "\n公告 c1（征集）：Notice c1"},
           {"\nand 1 more\nRecord " + number + ". Its proof: fundtrail proof " + number + "\n",
            "\n另有 1 项\n第 " + number + " 号记录。其证明：fundtrail proof " + number + "\n"},
           {"title=\"Records 0 to " + number + ", this one among them\" href=\"../../tile/entries/",
            "title=\"第 0 至 " + number + " 号记录，包括本条\" href=\"../../../tile/entries/"},
           {"rel=\"current\" type=\"application/atom+xml\" href=\"../../feed/atom.xml\"",
            "rel=\"current\" type=\"application/atom+xml\" href=\"../../../zh/feed.atom\""}}) {
    INFO(other);
    CHECK_THAT(english, Contains(one) && !Contains(other));
    CHECK_THAT(chinese, Contains(other) && !Contains(one));
  }
  const auto whole = pages::ReadOwnFeedPath(pages::WholeFeedPath(pages::Language::kChinese));
  REQUIRE(whole.has_value());
  const std::string all = Need(pages::FeedOf(feeding.view(), *whole));
  CHECK_THAT(all, Contains("<title>需求 rice：属实</title>") && Contains("仅含公众关注的事项。") &&
                      Contains("rel=\"self\" type=\"application/atom+xml\" href=\"../zh/feed.atom\"") &&
                      !Contains("rel=\"current\""));
}

// Each action that is of interest, in words: those in English stand in archives for good.
TEST_CASE("what is said of each action of interest") {
  const auto of = [](auto* (v1::Action::*field)(), const auto& fill) {
    v1::Action action;
    fill((action.*field)());
    return action;
  };
  const auto verdict = [&](const auto& on) {
    return of(&v1::Action::mutable_evaluate, [&](v1::Evaluate* said) {
      said->set_id("v");
      said->set_group("panel");
      said->set_verdict(v1::Evaluate::VERDICT_IMPROVE);
      on(said);
    });
  };
  const auto concern = of(&v1::Action::mutable_raise_concern, [](v1::RaiseConcern* said) {
    said->set_id("c");
    said->set_kind(v1::RaiseConcern::KIND_FAKE_NEED);
    said->set_need("rice");
    said->set_transfer("3.1");
  });
  const auto closed = [&](bool satisfied) {
    return of(&v1::Action::mutable_close_concern, [&](v1::CloseConcern* said) {
      said->set_concern("c");
      said->set_satisfied(satisfied);
    });
  };
  const auto appeal = of(&v1::Action::mutable_decide_appeal, [](v1::DecideAppeal* said) {
    said->set_evaluation("v");
    said->set_decision(v1::DecideAppeal::DECISION_UPHELD);
  });
  const struct {
    v1::Action action;
    const char *english, *chinese;
  } kCases[] = {
      {verdict([](v1::Evaluate* on) { on->set_project("roof"); }),
       "Verdict v: improve, on project roof, by group panel",
       "评估 v，结论：改进，对象：项目 roof，评估组：panel"},
      {verdict([](v1::Evaluate* on) { on->set_programme("roofs"); }),
       "Verdict v: improve, on programme roofs, by group panel",
       "评估 v，结论：改进，对象：方案 roofs，评估组：panel"},
      {verdict([](v1::Evaluate* on) { on->set_policy("p"); }),
       "Verdict v: improve, on policy p, by group panel", "评估 v，结论：改进，对象：政策 p，评估组：panel"},
      {verdict([](v1::Evaluate* on) { on->set_party("county"); }),
       "Verdict v: improve, on party county, by group panel",
       "评估 v，结论：改进，对象：机构 county，评估组：panel"},
      {appeal, "Appeal against verdict v: the verdict is upheld", "对评估 v 的申诉：该结论维持"},
      {concern, "Concern c: fake need, about need rice, about payment 3.1",
       "问题反映 c：虚假需求，涉及需求 rice，涉及付款 3.1"},
      {closed(true), "Concern c closed, satisfied", "问题反映 c 已了结，满意"},
      {closed(false), "Concern c closed, not satisfied", "问题反映 c 已了结，不满意"},
      {Decide("roof", 1), "Project roof approved", "项目 roof：批准"},
      {Verify("rice", 1), "Need rice confirmed", "需求 rice：属实"},
      {End("notice", "coats", 1), "Notice coats withdrawn", "公告 coats 已撤回"},
      {Amending(Notice("coats", "county", "gz"), 1), "Amended: Notice coats (plan): Notice coats",
       "已修改：公告 coats（计划）：Notice coats"}};
  for (const auto& one : kCases) {
    CHECK(pages::NewsWords(pages::Language::kEnglish, one.action) == one.english);
    CHECK(pages::NewsWords(pages::Language::kChinese, one.action) == one.chinese);
  }
}

TEST_CASE("the query of an address is a choice, and what is none is refused") {
  const auto filter = Need(pages::ReadFeedQuery("kind=call&kind=need&party=a%20b&&place=%E5%A4%A7+x&fund="));
  CHECK(filter.kinds == std::vector<std::string>{"call", "need"});
  CHECK(filter.of.party() == "a b");
  CHECK(filter.of.place() == "大 x");
  CHECK(filter.of.fund().empty());
  CHECK(filter.of.project().empty());
  CHECK(Need(pages::ReadFeedQuery("fund=f&project=p=q")).of.project() == "p=q");
  CHECK(Need(pages::ReadFeedQuery("")).kinds.empty());
  for (const auto& [query, sentence] : std::vector<std::pair<std::string, std::string>>{
           {"page=2", "\"page\" is not one of kind, party, fund, project, place"},
           {"=x", "\"\" is not one of kind"},
           {"party=a&party=b", "party may be given once"},
           {"kind=%4", "a % without two digits"},
           {"%zz=a", "a % without two digits"},
           {"party=%FF", "party"},
           {"place=%01", "place"},
           {"fund=" + std::string(65, 'f'), "fund"}}) {
    INFO(query);
    const Status refused = pages::ReadFeedQuery(query).status();
    CHECK(refused.code() == absl::StatusCode::kInvalidArgument);
    CHECK_THAT(std::string(refused.message()), Contains(sentence));
  }
}

TEST_CASE("a feed of what is wanted ends with 256 entries, and says that older ones are not there") {
  Feeding feeding;
  feeding.FillTo(100);
  const std::uint64_t first = feeding.ledger->size();
  for (int i = 0; i < 300; ++i) feeding.Do({Notice("n" + std::to_string(i), "county", "gz")});
  const std::string feed = Need(pages::FilteredFeed(feeding.view(), OfKinds({"notice"})));
  CHECK(CountOf(feed, "<entry>") == 256);
  CHECK_THAT(feed, Contains("<title>Notice n299 (plan)"));
  CHECK_THAT(feed, Contains("<title>Notice n44 (plan)"));
  CHECK_THAT(feed, !Contains("<title>Notice n43 (plan)"));
  CHECK_THAT(feed, Contains(absl::StrCat("Of the records ", first + 44, " to ", first + 299,
                                         ": older ones have no entry here.</subtitle>")));
}

TEST_CASE("the paths of pages: one for each, and nothing else") {
  CHECK(pages::FeedPagePath(0) == "feed/atom/0.xml");
  for (const std::uint64_t page : {std::uint64_t{0}, std::uint64_t{17}, UINT64_MAX})
    CHECK(pages::ParseFeedPagePath(pages::FeedPagePath(page)) == page);
  for (const char* path : {"", "feed/atom/.xml", "feed/atom/01.xml", "feed/atom/+1.xml", "feed/atom/1.xm",
                           "feed/atom/ 1.xml", "/feed/atom/1.xml", "feed/atom/-1.xml", "feed/atom/1.xml/",
                           "feed/atom/18446744073709551616.xml", "feed/atom.xml"})
    CHECK_FALSE(pages::ParseFeedPagePath(path).has_value());
}

// By another program, since ours could be wrong about XML as it is about itself.
TEST_CASE("a real parser takes the feed, whatever names say, and reads them as they are") {
  Feeding feeding;
  const std::vector<std::string> names = {"a < b & c > d",
                                          "</title><script>alert(1)</script>",
                                          "]]>",
                                          "\"quoted\" 'so'",
                                          "&lt;not a tag&gt;",
                                          "<!-- no comment -->",
                                          "公告公示",
                                          "<![CDATA[ x ]]>",
                                          "&#x0;"};
  for (const std::string& name : names)
    feeding.Do({Named(Notice("n" + std::to_string(feeding.ledger->size()), "county", "gz"), name)});
  const TempDir dir;
  const std::string feed = dir / "feed.xml", want = dir / "want.txt";
  std::ofstream(feed) << feeding.All();
  {
    std::ofstream out(want);
    for (auto name = names.rbegin(); name != names.rend(); ++name) out << *name << "\n";
  }
  const std::string script = dir / "read.py";
  std::ofstream(script) << R"(
import sys, xml.etree.ElementTree as tree
atom = '{http://www.w3.org/2005/Atom}'
feed = tree.parse(sys.argv[1]).getroot()
assert feed.tag == atom + 'feed', feed.tag
names = [entry.find(atom + 'title').text.split('): ', 1)[1] for entry in feed.findall(atom + 'entry')]
want = open(sys.argv[2], encoding='utf-8').read().splitlines()
assert names == want, (names, want)
for entry in feed.findall(atom + 'entry'):
    for part in ('id', 'updated', 'author', 'content'):
        assert entry.find(atom + part) is not None, part
assert len({entry.find(atom + 'id').text for entry in feed.findall(atom + 'entry')}) == len(want)
)";
  const std::string command = "/usr/bin/python3 " + script + " " + feed + " " + want;
  CHECK(std::system(command.c_str()) == 0);  // NOLINT(concurrency-mt-unsafe): one thread
}

TEST_CASE("a record that cannot be read is told, and no feed is made of the others") {
  Feeding feeding;
  query::View view = feeding.view();
  view.checkpoint.set_size(feeding.ledger->size() + 1);  // more than there are
  CHECK(pages::Feed(view).status().code() == absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace fundtrail::testing
