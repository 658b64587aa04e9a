// The question for registers, against a reader who wrote everything down: single items in their order, versions, all items,
// trees with several tops. It is asked now and as of every record, with and without what has ended, however the answer is cut.
#include <catch2/catch.hpp>
#include <map>
#include <optional>
#include <random>

#include "ledger/query/registers.h"
#include "ledger/store/memory.h"
#include "tests/support/ledgers.h"
#include "tests/support/pages.h"
#include "tests/support/questions.h"

namespace fundtrail::testing {
namespace {

using Lines = std::vector<std::string>;  // each a RegisterLine as it is written

struct Item {
  std::string parent;
  std::vector<v1::RegisterLine> versions;  // oldest first
  std::optional<v1::Ending> ended;
};

// A ledger with places that have several tops, categories, parties and funds: opened, amended and ended at random.
class Written {
 public:
  explicit Written(std::uint64_t seed) : random_(seed) {
    ledger_ = Need(NewLedger(store::MakeMemoryStore(), clock_.Read()));
    v1::Action root = Party("root", "");
    root.mutable_register_party()->set_name("The root");
    for (const auto& action :
         {root, Party("donor", "root", v1::ROLE_SOURCE), Party("ministry", "root"),
          Party("village", "root", v1::ROLE_RECIPIENT), Fund("flood", "root"), Asset("CNY")})
      Note(action, 0);
  }

  void Play(int rounds) {
    for (int round = 0; round < rounds; ++round) {
      v1::Action action;
      switch (Below(9)) {
        case 0:
        case 1:
          action = Place(Fresh("p"), Below(4) == 0 ? "" : Any("place"));
          if (!action.declare_place().parent().empty())
            action.mutable_declare_place()->set_level(LevelOf(action.declare_place().parent()) + 1);
          if (action.declare_place().level() > 9) continue;
          break;
        case 2:
          action = Category(Fresh("c"), Below(4) == 0 ? "" : Any("category"));
          break;
        case 3:
          action = Party(Fresh("q"), Any("party"));
          break;
        case 4:
          action = Fund(Fresh("f"), "root");
          break;
        case 5:
          End(Below(2) == 0 ? "place" : "fund");
          continue;
        default:
          Amend(std::string(model::Registers()[Below(model::Registers().size())].name));
          continue;
      }
      if (Append(action)) Note(action, ledger_->size() - 1);
    }
  }

  const log::Ledger& ledger() const { return *ledger_; }
  std::uint64_t Below(std::uint64_t bound) { return random_() % bound; }
  // An item of that register, or nothing.
  std::string Any(const std::string& name) {
    const auto& items = of_[name];
    if (items.empty()) return "";
    return std::next(items.begin(), static_cast<std::ptrdiff_t>(Below(items.size())))->first;
  }
  bool Is(const std::string& name, const std::string& id) { return of_[name].count(id) == 1; }

  // What a question is answered with; nothing where an id is not found.
  std::optional<Lines> Answer(const v1::RegistersRequest& request) {
    Lines lines;
    auto& items = of_[request.register_()];
    const auto add = [&](const Item& item, std::uint32_t depth) {
      auto line = Shown(item, request);
      if (!line.has_value()) return false;
      line->set_depth(depth);
      lines.push_back(line->SerializeAsString());
      return true;
    };
    if (request.versions()) {
      const auto found = items.find(request.ids(0));
      if (found == items.end() || !Shown(found->second, request).has_value()) return std::nullopt;
      for (const auto& version : found->second.versions) {
        if (version.record() > AsOf(request)) break;
        Item until = found->second;
        while (until.versions.back().record() > version.record()) until.versions.pop_back();
        if (&version != &found->second.versions.back() && Next(found->second, version) <= AsOf(request))
          until.ended.reset();
        add(until, 0);
      }
      return lines;
    }
    if (request.ids_size() > 0) {
      for (const auto& id : request.ids())
        if (items.count(id) == 0 || !add(items[id], 0)) return std::nullopt;
      return lines;
    }
    if (!request.tree() && request.below().empty()) {
      for (const auto& [id, item] : items) add(item, 0);
      return lines;
    }
    const std::function<void(const std::string&, std::uint32_t)> visit = [&](const std::string& id,
                                                                             std::uint32_t depth) {
      add(items[id], depth);
      for (const auto& [child, item] : items)
        if (item.parent == id) visit(child, depth + 1);
    };
    if (!request.below().empty()) {
      v1::RegistersRequest any = request;
      any.set_current(false);  // what ended hides nothing that goes on below it
      if (items.count(request.below()) == 0 || !Shown(items[request.below()], any).has_value())
        return std::nullopt;
      visit(request.below(), 0);
      return lines;
    }
    for (const auto& [id, item] : items)
      if (item.parent.empty()) visit(id, 0);
    return lines;
  }

 private:
  static std::uint64_t AsOf(const v1::RegistersRequest& request) {
    return request.has_as_of() ? request.as_of() : UINT64_MAX;
  }
  static std::uint64_t Next(const Item& item, const v1::RegisterLine& version) {
    for (const auto& other : item.versions)
      if (other.record() > version.record()) return other.record();
    return UINT64_MAX;
  }
  static std::optional<v1::RegisterLine> Shown(const Item& item, const v1::RegistersRequest& request) {
    std::optional<v1::RegisterLine> line;
    for (const auto& version : item.versions)
      if (version.record() <= AsOf(request)) line = version;
    if (line.has_value() && item.ended.has_value() && item.ended->record() <= AsOf(request))
      *line->mutable_ended() = *item.ended;
    if (line.has_value() && line->has_ended() && request.current()) line.reset();
    return line;
  }
  std::string Fresh(const char* prefix) { return prefix + std::to_string(Below(1'000'000)); }
  std::uint32_t LevelOf(const std::string& place) {
    return of_["place"][place].versions.back().action().declare_place().level();
  }
  bool Append(const v1::Action& action) {
    return ledger_->AppendOne(SignedBytes(Entry("root", ++ids_, {action}), {1}), clock_.Read()).ok();
  }
  void Note(const v1::Action& action, std::uint64_t record) {
    const model::Register& of = *model::FindRegister(action.action_case());
    Item& item = of_[std::string(of.name)][model::IdOf(action)];
    item.parent = model::TextIn(model::ItemOf(action), "parent");
    item.versions.emplace_back();
    *item.versions.back().mutable_action() = action;
    item.versions.back().set_record(record);
    item.versions.back().set_opened(item.versions.front().record());
  }
  void Amend(const std::string& name) {
    const std::string id = Any(name);
    if (id.empty() || of_[name][id].ended.has_value()) return;
    v1::Action action = of_[name][id].versions.back().action();
    auto* item = model::MutableItemOf(*model::FindRegister(name), &action);
    item->GetReflection()->SetString(item, item->GetDescriptor()->FindFieldByName("name"),
                                     "Name " + std::to_string(Below(1'000)));
    action = Amending(action, of_[name][id].versions.back().record(), "reason");
    REQUIRE(Append(action));
    Note(action, ledger_->size() - 1);
  }
  void End(const std::string& name) {
    const std::string id = Any(name);
    if (id.empty() || of_[name][id].ended.has_value() || id == "flood") return;
    REQUIRE(Append(testing::End(name, id, of_[name][id].versions.back().record(), "it is over")));
    v1::Ending ended;
    ended.set_record(ledger_->size() - 1);
    ended.set_reason("it is over");
    of_[name][id].ended = ended;
  }

  std::mt19937_64 random_;
  TestClock clock_;
  std::unique_ptr<log::Ledger> ledger_;
  std::uint64_t ids_ = 0;
  std::map<std::string, std::map<std::string, Item>> of_;
};

Lines LinesOf(const v1::RegistersAnswer& page) {
  Lines lines;
  for (const auto& line : page.lines()) lines.push_back(line.SerializeAsString());
  return lines;
}

// The answer in pages and in parts of any size.
Lines Cut(const query::View& view, const v1::RegistersRequest& request, query::Paging paging) {
  Lines got;
  do {
    const auto pages = Need(EachPage(query::Registers(view, request, paging)));
    REQUIRE_FALSE(pages.empty());
    for (const auto& page : pages) {
      CHECK(page.has_as_of_record() == request.has_as_of());
      if (request.has_as_of()) CHECK(page.as_of_record() == request.as_of());
      REQUIRE(page.lines_size() <= static_cast<int>(paging.page_parts));
      const Lines lines = LinesOf(page);
      got.insert(got.end(), lines.begin(), lines.end());
    }
    paging.after = pages.back().next();
  } while (!paging.after.empty());
  return got;
}

v1::RegistersRequest AnyQuestion(Written* written) {
  const auto registers = model::Registers();
  const model::Register& of = registers[written->Below(registers.size())];
  const std::string name(of.name);
  v1::RegistersRequest request = AllOf(name);
  switch (written->Below(5)) {
    case 0:
      if (model::ParentField(of) != nullptr) request.set_tree(true);
      break;
    case 1:
      if (model::ParentField(of) != nullptr) request.set_below(written->Any(name));
      break;
    case 2:
      for (std::uint64_t n = 1 + written->Below(5), i = 0; i < n; ++i) {
        const std::string id = written->Below(30) == 0 ? "nobody" : written->Any(name);
        // None is listed twice.
        if (id.empty() || std::count(request.ids().begin(), request.ids().end(), id) > 0) continue;
        request.add_ids(id);
      }
      break;
    case 3:
      if (const std::string id = written->Any(name); !id.empty()) {
        request.add_ids(id);
        request.set_versions(true);
      }
      break;
    default:
      break;
  }
  if (written->Below(2) == 0) request.set_as_of(written->Below(written->ledger().size()));
  request.set_current(written->Below(3) == 0);
  return request;
}

TEST_CASE("every question for a register is answered as one who wrote everything down would answer it") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  Written written(seed);
  written.Play(160);
  const query::View view = Need(query::MakeView(written.ledger().store()));
  for (int round = 0; round < 600; ++round) {
    const v1::RegistersRequest request = AnyQuestion(&written);
    INFO(request.ShortDebugString());
    const auto expected = written.Answer(request);
    query::Paging paging;
    const auto whole = Whole(query::Registers(view, request, paging));
    if (!expected.has_value()) {
      CHECK(whole.status().code() == absl::StatusCode::kNotFound);
      continue;
    }
    REQUIRE(LinesOf(Need(whole)) == *expected);
    CHECK(Need(whole).next().empty());
    if (written.Below(2) == 0) paging.limit = 1 + written.Below(expected->size() + 3);
    paging.page_parts = 1 + written.Below(5);
    if (written.Below(3) == 0) paging.page_bytes = 1 + written.Below(300);
    REQUIRE(Cut(view, request, paging) == *expected);
  }
}

TEST_CASE("single items stand in the order in which they were asked for") {
  Written written(1);
  const query::View view = Need(query::MakeView(written.ledger().store()));
  v1::RegistersRequest request = AllOf("party");
  for (const char* id : {"village", "donor", "root"}) request.add_ids(id);
  std::string ids;
  const v1::RegistersAnswer answer = Need(Whole(query::Registers(view, request, {})));
  for (const auto& line : answer.lines()) ids += Shown(line) + " ";
  CHECK(ids == "village donor root ");
}

TEST_CASE("an id that is not there, or was not there then, or has ended, is not found by its name") {
  TestClock clock;
  auto ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  const auto append = [&](std::uint64_t id, const v1::Action& action) {
    Need(ledger->AppendOne(SignedBytes(Entry("root", id, {action}), {1}), clock.Read()).status());
  };
  append(1, Place("cn"));
  append(2, End("place", "cn", 1));
  const query::View view = Need(query::MakeView(ledger->store()));
  const auto said = [&](v1::RegistersRequest request) {
    const Status status = Whole(query::Registers(view, request, {})).status();
    CHECK((status.ok() || status.code() == absl::StatusCode::kNotFound));
    return std::string(status.message());
  };
  const auto then = [](v1::RegistersRequest request, std::uint64_t record) {
    request.set_as_of(record);
    return request;
  };
  v1::RegistersRequest current = One("place", "cn"), versions = current, below = TreeOf("place", "cn");
  current.set_current(true);
  versions.set_versions(true);
  CHECK(said(One("place", "us")) == "this ledger has no place \"us\"");
  CHECK(said(One("place", "\x1b[2J")) == "this ledger has no place \"\\u{001B}[2J\"");
  CHECK(said(One("place", "")) == "this ledger has no place \"\"");
  CHECK(said(One("fund", "cn")) == "this ledger has no fund \"cn\"");
  CHECK(said(TreeOf("place", "us")) == "this ledger has no place \"us\"");
  for (const auto& request : {One("place", "cn"), versions, below}) {
    CHECK(said(then(request, 0)) == "this ledger has no place \"cn\" at that record");
    CHECK(said(then(request, 1)).empty());
    CHECK(said(request).empty());
  }
  CHECK(said(current) == "this ledger has no place \"cn\"");
  below.set_current(true);
  CHECK(said(below).empty());
  CHECK(said(then(below, 0)) == "this ledger has no place \"cn\" at that record");
  CHECK(said(then(current, 1)).empty());
  CHECK(Need(Whole(query::Registers(view, then(One("place", "cn"), 1), {}))).lines(0).has_ended() == false);
  CHECK(Need(Whole(query::Registers(view, then(One("place", "cn"), 2), {}))).lines(0).ended().record() == 2);
}

TEST_CASE("below an item that has ended what goes on is shown, where it alone is asked for") {
  TestClock clock;
  auto ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  const auto append = [&](std::uint64_t id, const std::vector<v1::Action>& actions) {
    Need(ledger->AppendOne(SignedBytes(Entry("root", id, actions), {1}), clock.Read()).status());
  };
  append(1, {Place("cn"), Place("gz", "cn", 1), Place("hb", "cn", 1), Place("wuhan", "hb", 2)});
  append(2, {End("place", "cn", 1), End("place", "gz", 1)});
  const query::View view = Need(query::MakeView(ledger->store()));
  const auto shown = [&](bool current, std::optional<std::uint64_t> as_of) {
    v1::RegistersRequest request = TreeOf("place", "cn");
    request.set_current(current);
    if (as_of.has_value()) request.set_as_of(*as_of);
    std::string text;
    const v1::RegistersAnswer answer = Need(Whole(query::Registers(view, request, {})));
    for (const auto& line : answer.lines()) text += Shown(line) + " ";
    return text;
  };
  CHECK(shown(false, {}) == "cn >gz >hb >>wuhan ");
  CHECK(shown(true, {}) == ">hb >>wuhan ");
  CHECK(shown(true, 1) == "cn >gz >hb >>wuhan ");
}

TEST_CASE("a question that asks for two things at once, or for none that there is, says so") {
  Written written(1);
  const query::View view = Need(query::MakeView(written.ledger().store()));
  using Change = std::function<void(v1::RegistersRequest*)>;
  using R = v1::RegistersRequest;
  const struct {
    Change change;
    std::string says;
  } kCases[] = {
      {[](R* r) { r->set_register_(""); },
       "register: \"\" is not one of party, group, seat, join, asset, fund, place, category"},
      {[](R* r) { r->set_register_("\x1b[2J"); }, "register: \"\\u{001B}[2J\" is not one of"},
      {[](R* r) { r->set_register_("parties"); }, "register: \"parties\" is not one of"},
      {[](R* r) { *r = TreeOf("fund"); }, "the register of funds is not a tree"},
      {[](R* r) { *r = TreeOf("asset", "CNY"); }, "the register of assets is not a tree"},
      {[](R* r) {
         r->add_ids("donor");
         r->set_tree(true);
       },
       "ids: single items are not a tree"},
      {[](R* r) {
         r->add_ids("donor");
         r->set_below("root");
       },
       "ids: single items are not a tree"},
      {[](R* r) { r->set_versions(true); }, "versions: of one id"},
      {[](R* r) {
         r->set_versions(true);
         r->set_tree(true);
       },
       "versions: of one id"},
      {[](R* r) {
         r->set_versions(true);
         r->add_ids("donor");
         r->add_ids("root");
       },
       "versions: of one id"},
      {[](R* r) {
         for (int i = 0; i < 257; ++i) r->add_ids("donor");
       },
       "ids: at most 256"},
      {[](R* r) {
         for (const char* id : {"donor", "root", "donor"}) r->add_ids(id);
       },
       "ids: one is listed twice"},
      {[](R* r) {
         for (const char* id : {"nobody", "nobody"}) r->add_ids(id);
       },
       "ids: one is listed twice"},
  };
  for (const auto& one : kCases) {
    v1::RegistersRequest request = AllOf("party");
    one.change(&request);
    INFO(request.ShortDebugString());
    const Status status = query::Registers(view, request, {}).status();
    CHECK(status.code() == absl::StatusCode::kInvalidArgument);
    CHECK_THAT(std::string(status.message()), Catch::StartsWith(one.says));
  }
  for (const std::uint64_t record : {written.ledger().size(), std::uint64_t{999}, UINT64_MAX}) {
    v1::RegistersRequest request = AllOf("party");
    request.set_as_of(record);
    CHECK(query::Registers(view, request, {}).status().code() == absl::StatusCode::kOutOfRange);
  }
}

TEST_CASE("single items in parts, each behind the page token before, come to an end") {
  Written written(1);
  const query::View view = Need(query::MakeView(written.ledger().store()));
  v1::RegistersRequest request = AllOf("party");
  for (const char* id : {"donor", "root", "ministry", "village"}) request.add_ids(id);
  query::Paging paging;
  const Lines whole = LinesOf(Need(Whole(query::Registers(view, request, paging))));
  CHECK(whole.size() == 4);
  paging.limit = 1;
  Lines got;
  for (int part = 0; part < 10; ++part) {
    const auto answer = Need(Whole(query::Registers(view, request, paging)));
    const Lines lines = LinesOf(answer);
    got.insert(got.end(), lines.begin(), lines.end());
    paging.after = answer.next();
    if (paging.after.empty()) break;
  }
  CHECK(got == whole);
}

}  // namespace
}  // namespace fundtrail::testing
