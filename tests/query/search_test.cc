// Finding by names in any script, ids, other registers' ids, references and purposes. What comes first, what does not fit, as of a
// record, in pages, and every refusal. Nothing which a plain look would find is missed, on random names.
#include "ledger/query/search.h"

#include <catch2/catch.hpp>
#include <chrono>
#include <future>
#include <iterator>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <sstream>
#include <thread>

#include "ledger/base/names.h"
#include "ledger/model/enum_word.h"
#include "ledger/query/find_word.h"
#include "ledger/query/search_fit.h"
#include "ledger/query/search_index.h"
#include "tests/support/pages.h"
#include "tests/support/projects.h"
#include "tests/support/text.h"
#include "tests/support/viewed_ledger.h"

namespace fundtrail::testing {
namespace {

v1::Action NamedParty(const std::string& id, const std::string& name) {
  v1::Action party = Party(id, "root");
  party.mutable_register_party()->set_name(name);
  return party;
}
v1::Action AlsoKnown(v1::Action party, const std::string& scheme, const std::string& id) {
  auto* other = party.mutable_register_party()->add_alternative_ids();
  other->set_scheme(scheme);
  other->set_id(id);
  return party;
}
v1::Action For(const std::string& purpose, const std::string& reference, v1::Action pay) {
  pay.mutable_transfer()->set_purpose(purpose);
  pay.mutable_transfer()->set_reference(reference);
  return pay;
}

struct Named : ViewedLedger {
  Named() {
    Do({AlsoKnown(NamedParty("wfp", "World Food Programme"), "iati", "XM-DAC-41140"),
        NamedParty("food", "Wholesale of food"), NamedParty("malaga", "Ayuntamiento de M\u00e1laga"),
        NamedParty("seafood", "Seafood"), NamedParty("rc", "\u8d35\u5dde\u7ea2\u5341\u5b57\u4f1a"),
        Place("dafang"), NamedParty("x12.3", "Twelve")});  // 1
    Do({For("Food for 2026", "INV-7", Pay("donor", "ministry", 10)),
        For("tents", "INV-8", Pay("donor", "ministry", 20))});                                // 2
    Do({Amending(NamedParty("food", "Wholesale of bread"), 1), End("party", "seafood", 1)});  // 3
  }
  // "party wfp NAME!, ...": each hit with how it fits, and a mark where it is exact.
  std::string Ask(v1::SearchRequest request, const std::string& text) const {
    request.set_text(text);
    const query::View now = view();
    std::string said;
    const v1::SearchAnswer answer = Need(Whole(query::Search(now, request, {})));
    for (const v1::SearchHit& hit : answer.hits())
      absl::StrAppend(&said, said.empty() ? "" : ", ", hit.kind(), " ", hit.id(), " ",
                      model::WordOf(hit.match()), hit.exact() ? "!" : "");
    return said;
  }
  std::string Ask(const std::string& text) const { return Ask({}, text); }
};

TEST_CASE("the best match comes first, in any script and however it is written") {
  const Named named;
  CHECK(named.Ask("world food programme") == "party wfp NAME!");
  CHECK(named.Ask("  WORLD   Food ") == "party wfp BEGINS");
  CHECK(named.Ask("WFP") == "party wfp ID!");
  CHECK(named.Ask("xm-dac-41140") == "party wfp OTHER_ID!");
  CHECK(named.Ask("iati:XM-DAC-41140") == "party wfp OTHER_ID!");
  CHECK(named.Ask("41140") == "party wfp WORDS");
  CHECK(named.Ask("1140") == "party wfp INSIDE");
  CHECK(named.Ask("prog wor") == "party wfp WORDS");
  CHECK(named.Ask("malaga") == "party malaga ID!");
  CHECK(named.Ask("M\u00c1LAGA") == "party malaga ID!");
  CHECK(named.Ask("ayuntamiento m\u00e1l") == "party malaga WORDS");
  CHECK(named.Ask("\u7ea2\u5341\u5b57") == "party rc INSIDE");
  CHECK(named.Ask("\u8d35\u5dde") == "party rc BEGINS");
  CHECK(named.Ask("INV-7") == "transfer 2.1 OTHER_ID!");
  CHECK(named.Ask("2.2") == "transfer 2.2 ID!");
  CHECK(named.Ask("12.3") == "party x12.3 INSIDE");
  CHECK(named.Ask("tents") == "transfer 2.2 BEGINS");
  CHECK(named.Ask("dafang") == "place dafang ID!");
  CHECK(named.Ask("nobody at all").empty());
  CHECK(named.Ask("food") == "party food ID!, transfer 2.1 BEGINS, party wfp WORDS, party seafood INSIDE");
}

TEST_CASE("the kinds of the parties that are found are counted, and narrow what is found") {
  Named named;
  v1::Action ngo = NamedParty("aid-one", "Aid one"), other = NamedParty("aid-two", "Aid two");
  ngo.mutable_register_party()->set_kind(v1::RegisterParty::KIND_NGO);
  other.mutable_register_party()->set_kind(v1::RegisterParty::KIND_COMPANY);
  named.Do({ngo, other, NamedParty("aid-three", "Aid three"), Place("aid")});
  const query::View view = named.view();
  const auto kinds = [&](const v1::SearchRequest& request) {
    std::string text;
    const v1::SearchAnswer answer = Need(Whole(query::Search(view, request, {})));
    for (const v1::PartyKindCount& count : answer.party_kinds())
      text += model::WordOf(count.kind()) + " " + std::to_string(count.hits()) + " ";
    return text;
  };
  v1::SearchRequest request;
  request.set_text("aid");
  CHECK(kinds(request) == "KIND_UNSPECIFIED 1 NGO 1 COMPANY 1 ");
  request.add_party_kinds(v1::RegisterParty::KIND_NGO);
  CHECK(kinds(request) == "NGO 1 ");
  CHECK(named.Ask(request, "aid") == "place aid ID!, party aid-one BEGINS");
  request.add_party_kinds(v1::RegisterParty::KIND_COMPANY);
  request.add_kinds("party");
  CHECK(named.Ask(request, "aid") == "party aid-one BEGINS, party aid-two BEGINS");
  // A token is of one choice.
  request.set_limit(1);
  const std::string token = Need(Whole(query::Search(view, request, query::PagingOf(request)))).next();
  REQUIRE_FALSE(token.empty());
  request.mutable_party_kinds()->RemoveLast();
  request.set_after(token);
  CHECK(query::Search(view, request, query::PagingOf(request)).status().code() ==
        absl::StatusCode::kInvalidArgument);
  request.Clear();
  request.set_text("aid");
  request.add_party_kinds(static_cast<v1::RegisterParty::Kind>(99));
  CHECK(query::Search(view, request, {}).status() ==
        absl::InvalidArgumentError("party_kinds: 99 is not a kind of party"));
}

TEST_CASE("texts that stand one after another fit as each by itself does") {
  std::mt19937 random(3);
  const auto one_of = [&random](const std::vector<std::string>& all) { return all[random() % all.size()]; };
  const std::vector<std::string> parts = {"a", "ab", "aba", "b", "1", "12", "\u8d35\u5dde",
                                          " ", " ",  "-",   ""};
  const auto text = [&](int most) {
    std::string made;
    for (int i = static_cast<int>(random()) % most; i >= 0; --i) made += one_of(parts);
    return FoldedForSearch(made);
  };
  std::map<query::HitMatch, int> seen;
  for (int round = 0; round < 4'000; ++round) {
    const query::Sought sought = query::SoughtOf(text(4));
    if (sought.words.empty()) continue;
    std::vector<std::string> texts;
    for (int i = 2 * (1 + static_cast<int>(random() % 3)); i > 0; --i) texts.push_back(text(6));
    if (random() % 4 == 0) texts[random() % texts.size()] = sought.text + one_of({"", "b", " c"});
    std::string block, of_transfer;
    for (const std::string& one : texts) block += one + '\0';
    texts.resize(std::max<std::size_t>(texts.size(), 3));
    for (int i = 0; i < 3; ++i) of_transfer += texts[i] + '\0';
    const std::vector<std::string_view> views(texts.begin(), texts.end());
    INFO(sought.text << " in " << texts[0] << "|" << texts[1] << "|" << texts[2]);
    const query::HitMatch match = query::FitOfItem(sought, views).match;
    CHECK(query::FitOfItemBlock(sought, block, texts[0].size(), 0) == match);
    // Nothing is missed behind the place where one of the words stands first.
    for (const std::string& word : sought.words)
      if (const auto place = block.find(word); place != std::string::npos)
        CHECK(query::FitOfItemBlock(sought, block, texts[0].size(), place) == match);
    CHECK(query::FitOfTransferBlock(sought, of_transfer, 0) ==
          query::FitOfTransfer(sought, {views[0], views[1], views[2]}));
    ++seen[match];
  }
  CHECK(seen.size() >= 7);  // none, id, other id, name, begins, words, inside
}

TEST_CASE("a word is found where it stands first, and nowhere else") {
  std::mt19937 random(4);
  for (int round = 0; round < 4'000; ++round) {
    std::string texts(random() % 60, 'a'), word(1 + random() % 4, 'a');
    for (char& c : texts) c = static_cast<char>("ab`\0\x80\xff"[random() % 6]);
    for (char& c : word) c = static_cast<char>("ab`\x80\xff"[random() % 5]);
    const std::size_t at = random() % (texts.size() + 2);
    CHECK(query::FindWord(texts, word, at) == texts.find(word, at));
  }
}

TEST_CASE("a payment is found by its amount, as people write it, in whatever asset it is") {
  Named named;
  named.Do({Asset("JOD", 3), Pay("donor", "ministry", 1'234'500), Pay("donor", "village", 70)});
  const std::uint64_t record = named.ledger->size() - 1;
  const std::string one = "transfer " + std::to_string(record) + ".1 AMOUNT";
  for (const char* text : {"12,345.00", "12345", "12345.0", " 12,345 "}) {
    INFO(text);
    CHECK(named.Ask(text) == one);
  }
  for (const char* text : {"12,345.01", "1,2345", "-12345", "0"}) {
    INFO(text);
    CHECK(named.Ask(text).find("AMOUNT") == std::string::npos);
  }
  // Whose purpose has the number is found once, by that.
  named.Do({For("lot 12345", "INV-9", Pay("donor", "ministry", 1'234'500))});
  CHECK(named.Ask("12345") == "transfer " + std::to_string(named.ledger->size() - 1) + ".1 WORDS, " + one);
  v1::SearchRequest request;
  request.add_kinds("party");
  CHECK(named.Ask(request, "12345").empty());
}

TEST_CASE("the years of the payments that are found are counted, and days narrow what is found") {
  Named named;
  std::vector<v1::Action> payments;
  for (const char* day : {"2024-05-01", "2025-01-01", "2025-12-31"}) {
    payments.push_back(Pay("donor", "village", 10));
    payments.back().mutable_transfer()->set_purpose("seed for sowing");
    payments.back().mutable_transfer()->set_value_date(day);
  }
  named.Do(payments);
  const std::uint64_t record = named.ledger->size() - 1;
  const query::View view = named.view();
  const auto years = [&](const v1::SearchRequest& request) {
    std::string text;
    const v1::SearchAnswer answer = Need(Whole(query::Search(view, request, {})));
    for (const v1::YearCount& count : answer.years())
      text += count.year() + " " + std::to_string(count.hits()) + " ";
    return text;
  };
  v1::SearchRequest request;
  request.set_text("sowing");
  CHECK(years(request) == "2025 2 2024 1 ");
  request.set_since("2025-01-01");
  CHECK(years(request) == "2025 2 ");
  request.set_until("2025-12-30");
  CHECK(years(request) == "2025 1 ");
  CHECK(named.Ask(request, "sowing") == "transfer " + std::to_string(record) + ".2 WORDS");
  // A payment that the text names is of its day too, and other hits have none.
  request.set_text(std::to_string(record) + ".1");
  CHECK(years(request).empty());
  request.set_text("food");
  CHECK(years(request).empty());
  CHECK(named.Ask(request, "food").find("party food") == 0);
  request.set_since("2025-13-01");
  CHECK(query::Search(view, request, {}).status().code() == absl::StatusCode::kInvalidArgument);
}

TEST_CASE("kinds, counts, what ended, and names as they were") {
  const Named named;
  v1::SearchRequest request;
  request.add_kinds("party");
  CHECK(named.Ask(request, "food") == "party food ID!, party wfp WORDS, party seafood INSIDE");
  request.clear_kinds();
  request.add_kinds("transfer");
  CHECK(named.Ask(request, "food") == "transfer 2.1 BEGINS");
  request.clear_kinds();
  request.add_kinds("fund");
  CHECK(named.Ask(request, "food").empty());
  CHECK(named.Ask("bread") == "party food WORDS");
  request.Clear();
  request.set_as_of(1);
  CHECK(named.Ask(request, "bread").empty());
  CHECK(named.Ask(request, "wholesale") == "party food BEGINS");
  CHECK(named.Ask(request, "2.1").empty());

  request.Clear();
  request.set_text("food");
  const query::View view = named.view();
  const auto answer = Need(Whole(query::Search(view, request, {})));
  REQUIRE(answer.counts_size() == 2);
  CHECK(answer.counts(0).kind() == "party");
  CHECK(answer.counts(0).hits() == 3);
  CHECK(answer.counts(1).kind() == "transfer");
  CHECK(answer.counts(1).hits() == 1);
  CHECK(answer.transfers_looked() == 2);
  CHECK_FALSE(answer.transfers_left_out());
  CHECK_FALSE(answer.items_left_out());
  CHECK(answer.items_looked() > 7);
  CHECK(answer.hits(1).transfer().transfer().amount() == 10);
  CHECK(answer.hits(1).name() == "Food for 2026");
  CHECK(answer.hits(3).ended());
  CHECK_FALSE(answer.hits(0).ended());
}

TEST_CASE("what a plain look finds is found, and nothing else, in pages of any size") {
  const std::uint64_t seed = GENERATE(take(5, random(1, 1'000'000)));
  INFO("seed " << seed);
  std::mt19937_64 dice(seed);
  const std::vector<std::string> words = {"Relief", "relief", "Hub",        "hubris",
                                          "Water",  "\u6c34", "\u00c9cole", "north"};
  Named named;
  std::map<std::string, std::string> names;
  std::vector<v1::Action> actions;
  for (int i = 0; i < 60; ++i) {
    const std::string id = "q" + std::to_string(i);
    names[id] = words[dice() % words.size()] + " " + words[dice() % words.size()];
    actions.push_back(NamedParty(id, names[id]));
  }
  named.Do(actions);
  const query::View view = named.view();
  for (const std::string text : {"relief", "hub", "ecole", "\u6c34", "north water", "q1", "li h"}) {
    INFO(text);
    v1::SearchRequest request;
    request.set_text(text);
    request.add_kinds("party");
    std::set<std::string> expected, found;
    for (const auto& [id, name] : names) {
      const bool in_id = FoldedForSearch(id).find(text) != std::string::npos;
      bool in_name = true;
      std::istringstream parts{text};
      for (std::string word; parts >> word;)
        in_name = in_name && FoldedForSearch(name).find(word) != std::string::npos;
      if (in_id || in_name) expected.insert(id);
    }
    const auto whole = Need(Whole(query::Search(view, request, {})));
    for (int i = 0; i < whole.hits_size(); ++i) {
      if (names.count(whole.hits(i).id()) > 0) found.insert(whole.hits(i).id());
      if (i > 0) CHECK(whole.hits(i - 1).match() <= whole.hits(i).match());
    }
    CHECK(found == expected);
    query::Paging paging;
    paging.page_parts = 3;
    CHECK(Need(Whole(query::Search(view, request, paging))).ShortDebugString() == whole.ShortDebugString());
    query::Paging one;
    one.limit = 1;
    for (int i = 0; i < whole.hits_size(); ++i) {
      const auto part = Need(Whole(query::Search(view, request, one)));
      REQUIRE(part.hits_size() == 1);
      CHECK(part.hits(0).ShortDebugString() == whole.hits(i).ShortDebugString());
      one.after = part.next();
      CHECK(one.after.empty() == (i + 1 == whole.hits_size()));
    }
  }
}

TEST_CASE("an index that grew with the ledger answers as one that was read anew") {
  const std::uint64_t seed = GENERATE(take(5, random(1, 1'000'000)));
  INFO("seed " << seed);
  std::mt19937_64 dice(seed);
  const std::vector<std::string> words = {"Relief", "Hub", "water", "\u6c34", "\u00c9cole", "north"};
  const auto any_name = [&] { return words[dice() % words.size()] + " " + words[dice() % words.size()]; };
  Named named;
  query::SearchIndexes indexes;
  std::map<std::string, std::uint64_t> versions;  // of those that have not ended
  std::unique_ptr<store::Reader> earlier;
  for (int round = 0; round < 40; ++round) {
    const std::uint64_t record = named.ledger->size();
    const auto some =
        versions.empty() ? versions.end()
                         : std::next(versions.begin(), static_cast<std::ptrdiff_t>(dice() % versions.size()));
    const std::uint64_t what = dice() % 4;
    if (what == 0 || some == versions.end()) {
      const std::string id = "q" + std::to_string(round);
      named.Do({AlsoKnown(NamedParty(id, any_name()), "iati", "XM-" + std::to_string(round))});
      versions[id] = record;
    } else if (what == 1) {
      named.Do({Amending(NamedParty(some->first, any_name()), some->second)});
      some->second = record;
    } else if (what == 2) {
      named.Do({End("party", some->first, some->second)});
      versions.erase(some);
    } else {
      named.Do({For(any_name(), "INV-" + std::to_string(round), Pay("donor", "ministry", 1))});
    }
    if (round % 3 == 2) continue;  // then two records are added at once
    const auto rows = named.ledger->store().Snapshot();
    const auto ask = [&](const store::Reader& of, bool kept, const std::string& text) {
      query::View view = Need(query::MakeView(of));
      if (kept) view.search = &indexes;
      v1::SearchRequest request;
      request.set_text(text);
      return Need(Whole(query::Search(view, request, {}))).ShortDebugString();
    };
    for (const std::string text : {"hub", "ecole", "\u6c34", "q1", "water north", "xm-1", "inv", "o"}) {
      INFO("round " << round << ", " << text);
      CHECK(ask(*rows, true, text) == ask(*rows, false, text));
      // Of a ledger that is older than the index, nothing newer is found.
      if (earlier != nullptr) CHECK(ask(*earlier, true, text) == ask(*earlier, false, text));
    }
    if (round == 10) earlier = named.ledger->store().Snapshot();
  }
  const query::View view = named.view();
  const auto index = Need(indexes.Of(view));
  REQUIRE(index != nullptr);
  CHECK(index->size() == named.ledger->size());
  CHECK(Need(indexes.Of(view)) == index);
}

TEST_CASE("an index is read to its end though who asks may not wait so long, and whoever asks next has it") {
  const Named named;
  query::SearchIndexes indexes;
  query::View hurried = named.view();
  hurried.search = &indexes;
  hurried.go_on = [] { return absl::DeadlineExceededError("too long"); };
  v1::SearchRequest request;
  request.set_text("food");
  CHECK(Whole(query::Search(hurried, request, {})).status().code() == absl::StatusCode::kDeadlineExceeded);
  const auto index = Need(indexes.Of(hurried));
  REQUIRE(index != nullptr);
  CHECK(index->size() == named.ledger->size());
  query::View view = named.view();
  CHECK(Need(indexes.Of(view)) == index);
}

// The rows of another reader, once somebody lets go.
class HeldReader final : public store::Reader {
 public:
  HeldReader(const store::Reader& rows, std::promise<void>* begun, std::future<void> let_go)
      : rows_(rows), begun_(*begun), let_go_(std::move(let_go)) {}
  StatusOr<std::optional<Bytes>> Get(ByteView key) const override { return rows_.Get(key); }
  std::unique_ptr<store::Cursor> Scan(ByteView begin, ByteView end) const override {
    if (let_go_.valid()) {
      begun_.set_value();
      let_go_.get();
    }
    return rows_.Scan(begin, end);
  }
  StatusOr<std::optional<std::pair<Bytes, Bytes>>> Last(ByteView begin, ByteView end) const override {
    return rows_.Last(begin, end);
  }

 private:
  const store::Reader& rows_;
  std::promise<void>& begun_;
  mutable std::future<void> let_go_;
};

TEST_CASE("who waits for an index that somebody else reads waits no longer than a question may take") {
  const Named named;
  query::SearchIndexes indexes;
  std::promise<void> begun, let_go;
  query::View slow = named.view();
  const HeldReader held(*slow.rows, &begun, let_go.get_future());
  slow.rows = &held;
  std::thread reads([&] { CHECK(Need(indexes.Of(slow)) != nullptr); });
  begun.get_future().wait();
  query::View waits = named.view();
  int looks = 0;  // as those of a question, of which one in 256 looks at the clock
  waits.go_on = [&looks] {
    return ++looks < 256 ? absl::OkStatus() : absl::DeadlineExceededError("too long");
  };
  const auto start = std::chrono::steady_clock::now();
  CHECK(indexes.Of(waits).status().code() == absl::StatusCode::kDeadlineExceeded);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(2));
  let_go.set_value();
  reads.join();
  CHECK(Need(indexes.Of(named.view())) != nullptr);
}

TEST_CASE(
    "initials of a name are found behind all that fits otherwise, now, then and in an index that grew") {
  Named named;
  named.Do({NamedParty("gb", "United Kingdom, Government of"), NamedParty("ukraine", "Ukraine"),
            NamedParty("ua", "Fukuoka"),
            NamedParty("coord", "Office for the Coordination of Humanitarian Affairs")});
  CHECK(named.Ask("UK") == "party ukraine BEGINS, party ua INSIDE, party gb INITIALS");
  CHECK(named.Ask("u.k.") == "party gb INITIALS");
  CHECK(named.Ask("OCHA") == "party coord INITIALS");
  CHECK(named.Ask("cha") == "party coord INITIALS");
  CHECK(named.Ask("gzhszh") == "party rc INITIALS");
  CHECK(named.Ask("hszh") == "party rc INITIALS");
  CHECK(named.Ask("wfp") == "party wfp ID!");
  CHECK(named.Ask("uko").empty());
  v1::SearchRequest request;
  request.add_kinds("fund");
  CHECK(named.Ask(request, "ocha").empty());
  request.clear_kinds();
  request.set_as_of(3);
  CHECK(named.Ask(request, "ocha").empty());
  // Pages of one hit go on through both.
  request.Clear();
  request.set_text("UK");
  query::Paging one;
  one.limit = 1;
  const query::View view = named.view();
  std::string ids;
  do {
    const auto page = Need(Whole(query::Search(view, request, one)));
    CHECK(page.in_all() == 3);
    ids += page.hits(0).id() + " ";
    one.after = page.next();
  } while (!one.after.empty());
  CHECK(ids == "ukraine ua gb ");
  // In an index that is kept, of the name as it is.
  query::SearchIndexes indexes;
  const auto kept = [&](const std::string& text) {
    query::View now = named.view();
    now.search = &indexes;
    v1::SearchRequest asked;
    asked.set_text(text);
    return Need(Whole(query::Search(now, asked, {}))).hits_size();
  };
  CHECK(kept("ocha") == 1);
  named.Do({Amending(NamedParty("coord", "Coordination Office"), 4)});
  CHECK(kept("ocha") == 0);
  CHECK(kept("co") == 1);  // its initials too, and it is said once
}

TEST_CASE("what cannot be looked for is refused with its reason") {
  const Named named;
  const query::View view = named.view();
  using Code = absl::StatusCode;
  const auto refused = [&view](const v1::SearchRequest& request, Code code, const std::string& says) {
    const Status status = query::Search(view, request, {}).status();
    INFO(status.ToString());
    CHECK(status.code() == code);
    CHECK_THAT(std::string(status.message()), Contains(says));
  };
  v1::SearchRequest request;
  refused(request, Code::kInvalidArgument, "there is nothing to look for");
  request.set_text(" \t ");
  refused(request, Code::kInvalidArgument, "there is nothing to look for");
  request.set_text(std::string(201, 'a'));
  refused(request, Code::kInvalidArgument, "at most 200 bytes");
  request.set_text("food");
  request.add_kinds("payment");
  refused(request, Code::kInvalidArgument, "kinds: \"payment\" is not one of");
  request.clear_kinds();
  request.set_as_of(4);
  refused(request, Code::kOutOfRange, "no record 4");
  request.clear_as_of();
  query::Paging paging;
  paging.limit = 1;
  paging.after = Need(Whole(query::Search(view, request, paging))).next();
  CHECK(query::Search(view, request, paging).ok());
  request.set_text("world");
  CHECK(query::Search(view, request, paging).status().code() == Code::kInvalidArgument);
}

}  // namespace
}  // namespace fundtrail::testing
