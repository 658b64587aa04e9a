// Spreadsheets whose rows are items of a register: rows in any order, a second run, amendments, maps, and what is rejected.
#include "ledger/intake/register_import.h"

#include <catch2/catch.hpp>

#include "ledger/books/state.h"
#include "ledger/crypto/sha256.h"
#include "ledger/intake/attest_items.h"
#include "ledger/model/item_text.h"
#include "ledger/store/memory.h"
#include "tests/support/items.h"
#include "tests/support/watched.h"

namespace fundtrail::testing {
namespace {

using Texts = std::vector<std::string>;

struct Import {
  std::string of;
  std::string text;
  std::string map{};
  bool amend = false;
  std::string author = "root";
  bool dry_run = false;

  // The summary; what was rejected goes to `rejects`, as "line: reason".
  StatusOr<intake::RegisterImportSummary> Into(intake::Target* target, Texts* rejects = nullptr) const {
    const auto key = Key(1);
    intake::RegisterImportOptions options;
    options.of = model::FindRegister(of);
    options.author = author;
    options.key = &key;
    options.date = Need(ParseDate("2026-03-01"));
    options.amend = amend;
    options.dry_run = dry_run;
    FT_ASSIGN_OR_RETURN(options.map, sheets::ParseFieldMap(map, "m.toml"));
    return intake::ImportRegister(target, "rows.csv", text, crypto::Sha256(text), options,
                                  [&](const sheets::RawRow& row, const std::string& reason) {
                                    if (rejects != nullptr)
                                      rejects->push_back(absl::StrCat(row.line, ": ", reason));
                                    return absl::OkStatus();
                                  });
  }
};

// "rows 3, added 3, amended 0, present 0, rejected 0, entries 1"
std::string Told(const StatusOr<intake::RegisterImportSummary>& summary) {
  if (!summary.ok()) return std::string(summary.status().message());
  return absl::StrCat("rows ", summary->rows, ", added ", summary->added, ", amended ", summary->amended,
                      ", present ", summary->present, ", rejected ", summary->rejected, ", entries ",
                      summary->entries);
}

struct Desk {
  Desk() : ledger(Need(NewLedger(store::MakeMemoryStore(), clock.Read()))), target(ledger.get()) {}
  void Do(const std::vector<v1::Action>& actions) {
    Need(ledger->AppendOne(SignedBytes(Entry("root", ++ids, actions), {1}), clock.Read()).status());
  }
  v1::RegisterRow Row(const std::string& of, const std::string& id) const {
    const auto row = Need(books::GetItem(ledger->store(), model::FindRegister(of)->action, id));
    REQUIRE(row.has_value());
    return *row;
  }
  v1::DeclarePlace Place(const std::string& id) const { return Row("place", id).action().declare_place(); }

  TestClock clock;
  std::uint64_t ids = 900;
  std::unique_ptr<log::Ledger> ledger;
  Watched target;
};

TEST_CASE("rows may stand in any order, and a second run adds nothing") {
  Desk desk;
  const Import import{"place",
                      "id,name,parent,level\n"
                      "village,Village,county,5\n"  // names what comes later, which names what comes later
                      "county,County,province,3\n"
                      "cn,China,,0\n"
                      "province,Province,cn,1\n"
                      "other,Other,cn,1\n"};
  Texts rejects;
  CHECK(Told(import.Into(&desk.target, &rejects)) ==
        "rows 5, added 5, amended 0, present 0, rejected 0, entries 3");
  CHECK(rejects.empty());
  CHECK(desk.Place("village").parent() == "county");
  CHECK(desk.Place("county").level() == 3);
  CHECK(desk.Place("cn").name() == "China");
  const std::uint64_t size = desk.ledger->size();
  CHECK(Told(import.Into(&desk.target, &rejects)) ==
        "rows 5, added 0, amended 0, present 5, rejected 0, entries 0");
  CHECK(rejects.empty());
  CHECK(desk.ledger->size() == size);
  // A file that goes on is taken up where it ended.
  Import longer = import;
  longer.text += "town,Town,county,4\n";
  CHECK(Told(longer.Into(&desk.target)) == "rows 6, added 1, amended 0, present 5, rejected 0, entries 1");
}

TEST_CASE("an entry says which rows of which file it holds") {
  Desk desk;
  const Import import{"category", "id,name\na,A\nb,B\n"};
  Need(import.Into(&desk.target).status());
  const auto bytes = Need(desk.ledger->store().Get(model::keys::Record(RecordIndex(1))));
  const v1::Record record = Need(log::ParseRecord(*bytes));
  const v1::Entry entry = Need(model::ParseEntry(record.signed_entry().entry()));
  CHECK(entry.source().name() == "rows.csv");
  CHECK(entry.source().sha256() == crypto::Sha256(import.text).view());
  CHECK(entry.source().first_row() == 0);
  CHECK(entry.source().last_row() == 1);
  CHECK(entry.actions_size() == 2);
  CHECK(entry.author() == "root");
}

TEST_CASE("a row that the rules refuse is rejected with the code, and the others go on") {
  Desk desk;
  desk.Do({Place("us"), Place("gone")});
  desk.Do({End("place", "gone", 1)});
  Texts rejects;
  const Import import{"place",
                      "id,name,parent,level,valid_from,valid_to\n"
                      "a b,Bad id,,0,,\n"
                      "c,Nowhere,nowhere,1,,\n"
                      "d,,us,1,,\n"
                      "e,Level,us,high,,\n"
                      "f,Level,us,0,,\n"
                      "g,Days,us,1,2000-01-02,2000-01-01\n"
                      "h,Days,us,1,yesterday,\n"
                      "us,Other name,,0,,\n"
                      "i,Gone,gone,1,,\n"
                      "k,Good,us,1,,\n"
                      "k,Good,us,1,,\n"
                      "k,Not the same,us,1,,\n"};
  const auto summary = Need(import.Into(&desk.target, &rejects));
  CHECK(Told(summary) == "rows 12, added 1, amended 0, present 1, rejected 10, entries 1");
  CHECK(desk.Place("k").name() == "Good");
  const std::vector<std::pair<std::string, std::string>> expected = {
      {"2: FIELD_INVALID at id: ", "is not an id"},
      {"4: FIELD_INVALID at name: ", "is missing"},
      {"5: FIELD_INVALID at level: ", "\"high\" is not a whole number"},
      {"6: FIELD_INVALID at level: ", "must be above 0, the level of us"},
      {"7: PERIOD_INVALID at valid_to: ", "2000-01-01 is before 2000-01-02"},
      {"8: FIELD_INVALID at valid_from: ", "yesterday"},
      {"9: ID_TAKEN: ", "place us is in the ledger, and not as the row has it; --amend takes the row's"},
      {"10: REFERENCE_ENDED at parent: ", "place gone ended with record 2"},
      // Row 12 says the same as row 11.
      {"13: ID_TAKEN at id: ", "place k stands in an earlier row of this file"},
      {"3: REFERENCE_UNKNOWN at parent: ",
       "there is no place nowhere"},  // after all others: it could have come
  };
  REQUIRE(rejects.size() == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CHECK_THAT(rejects[i], Catch::StartsWith(expected[i].first));
    CHECK_THAT(rejects[i], Catch::Contains(expected[i].second));
  }
  CHECK(summary.reject_codes == std::map<std::string, std::uint64_t>{{"FIELD_INVALID", 5},
                                                                     {"ID_TAKEN", 2},
                                                                     {"PERIOD_INVALID", 1},
                                                                     {"REFERENCE_ENDED", 1},
                                                                     {"REFERENCE_UNKNOWN", 1}});
}

TEST_CASE("a row that cannot be read is rejected, and the others go on") {
  Desk desk;
  Texts rejects;
  const Import import{"category", "id,name\na,A,more\nb,B\n\"c,C\n"};
  const auto summary = Need(import.Into(&desk.target, &rejects));
  CHECK(summary.added == 1);
  CHECK(summary.added + summary.rejected == summary.rows);
  for (const auto& reject : rejects) CHECK_THAT(reject, Catch::Contains("FIELD_INVALID"));
  CHECK(desk.Row("category", "b").action().declare_category().name() == "B");
}

TEST_CASE("with --amend what differs becomes a new version, in the fields that the file has") {
  Desk desk;
  v1::Action place = Place("cn");
  place.mutable_declare_place()->set_valid_from("1949-10-01");
  place.mutable_declare_place()->set_keeper("ministry");
  desk.Do({place, Place("us"), Place("gone"), Place("same")});  // record 1
  desk.Do({End("place", "gone", 1)});
  Import import{"place",
                "id,name,keeper\n"
                "cn,China,\n"  // an empty cell empties the field
                "us,United States,donor\n"
                "gone,Another name,\n"
                "same,Place same,\n"
                "new,New,\n"};
  Texts rejects;
  CHECK(Told(import.Into(&desk.target, &rejects)) ==
        "rows 5, added 1, amended 0, present 1, rejected 3, entries 1");
  import.amend = true;
  rejects.clear();
  CHECK(Told(import.Into(&desk.target, &rejects)) ==
        "rows 5, added 0, amended 2, present 2, rejected 1, entries 1");
  REQUIRE(rejects.size() == 1);
  CHECK_THAT(rejects[0], Catch::StartsWith("4: REFERENCE_ENDED at id: place gone ended with record 2"));
  const v1::RegisterRow row = desk.Row("place", "cn");
  CHECK(row.action().amends().record() == 1);
  CHECK(row.opened() == 1);
  CHECK(row.record() == 4);
  CHECK(desk.Place("cn").name() == "China");
  CHECK(desk.Place("cn").keeper().empty());
  CHECK(desk.Place("cn").valid_from() == "1949-10-01");  // which the file does not have
  CHECK(desk.Place("us").keeper() == "donor");
  CHECK(Told(import.Into(&desk.target)) == "rows 5, added 0, amended 0, present 4, rejected 1, entries 0");
  // What is fixed cannot be amended by a file either.
  const Import fixed{"place", "id,level\ncn,3\nus,0\n", "", true};
  rejects.clear();
  CHECK(Told(fixed.Into(&desk.target, &rejects)) ==
        "rows 2, added 0, amended 0, present 1, rejected 1, entries 0");
  REQUIRE(rejects.size() == 1);
  CHECK_THAT(rejects[0], Catch::StartsWith("2: FIELD_FIXED at level: "));
}

TEST_CASE("a map gives each field its column, a prefix, or one value for all rows") {
  Desk desk;
  const Import import{"place", "Code;Title;Above;Remark\n52;Guizhou;;none\n5205;Bijie;52;x\n",
                      "separator = \";\"\n[fields]\nname = \"title\"\n"  // titles in any case
                      "id = { column = \"Code\", prefix = \"gbt2260:\" }\n"
                      "parent = { column = \"Above\", prefix = \"gbt2260:\" }\n"
                      "keeper = { value = \"ministry\" }\n"};
  // Both on level 0: the second would not be above its parent.
  auto summary = Need(import.Into(&desk.target));
  CHECK(Told(summary) == "rows 2, added 1, amended 0, present 0, rejected 1, entries 1");
  CHECK(summary.unused == Texts{"Remark"});
  CHECK(desk.Place("gbt2260:52").parent().empty());  // no prefix before nothing
  CHECK(desk.Place("gbt2260:52").keeper() == "ministry");
  CHECK(desk.Place("gbt2260:52").name() == "Guizhou");
  Import lower = import;
  lower.map += "level = { value = \"2\" }\n";
  lower.text = "Code;Title;Above;Remark\n5205;Bijie;52;x\n";
  CHECK(Told(lower.Into(&desk.target)) == "rows 1, added 1, amended 0, present 0, rejected 0, entries 1");
  CHECK(desk.Place("gbt2260:5205").parent() == "gbt2260:52");
  CHECK(desk.Place("gbt2260:5205").level() == 2);
}

TEST_CASE("without a map each column is the field of its title, however that is written") {
  Desk desk;
  const Import import{"place",
                      " ID ,Name,Valid From,VALID-TO,population\ncn,China,1949-10-01,2026-12-31,5\n"};
  const auto summary = Need(import.Into(&desk.target));
  CHECK(summary.added == 1);
  CHECK(summary.unused == Texts{"population"});
  CHECK(desk.Place("cn").valid_from() == "1949-10-01");
  CHECK(desk.Place("cn").valid_to() == "2026-12-31");
}

TEST_CASE("a map or a file that cannot be is told before anything is written") {
  Desk desk;
  const std::uint64_t size = desk.ledger->size();
  const std::string rows = "id,name\na,A\n";
  const struct {
    Import import;
    std::string says;
  } kCases[] = {
      {{"place", rows, "[fields]\ncode = \"id\"\n"},
       "the map names the field \"code\", and a place has id, name, parent, level, valid_from, valid_to, "
       "succeeds, "
       "keeper"},
      {{"place", rows, "[fields]\nid = \"Code\"\n"}, "rows.csv has no column \"Code\", which the map names"},
      {{"place", rows, "[fields]\nname = \"name\"\n"},
       "rows.csv has no column for `id`: name it in a map (--map); --suggest writes a first one"},
      {{"asset", rows},
       "rows.csv has no column for `code`: name it in a map (--map); --suggest writes a first one"},
      {{"place", "name\nA\n"},
       "rows.csv has no column for `id`: name it in a map (--map); --suggest writes a first one"},
      {{"place", rows, "[fields]\nid = 1\n"}, "m.toml line 2: id must be a text in quotes"},
  };
  for (const auto& one : kCases) {
    const auto summary = one.import.Into(&desk.target);
    CHECK(summary.status().code() == absl::StatusCode::kInvalidArgument);
    CHECK(Told(summary) == one.says);
  }
  CHECK_FALSE(Import{"place", ""}.Into(&desk.target).ok());
  CHECK(desk.ledger->size() == size);
}

TEST_CASE("the items of a list stand in one cell, and what is not said is what is usual") {
  Desk desk;
  desk.Do({Place("a"), Place("b")});
  Need(Import{"place", "id,name,succeeds\nc,C,a ; b;\nd,D,\n"}.Into(&desk.target).status());
  REQUIRE(desk.Place("c").succeeds_size() == 2);
  CHECK(desk.Place("c").succeeds(0) == "a");
  CHECK(desk.Place("c").succeeds(1) == "b");
  CHECK(desk.Place("d").succeeds().empty());
  const Import parties{"party", "id,name,kind,alternative_ids\nrc,Red Cross,Red Cross,iati=1;gbt=2\n"};
  CHECK(Told(parties.Into(&desk.target)) == "rows 1, added 1, amended 0, present 0, rejected 0, entries 1");
  const auto party = desk.Row("party", "rc").action().register_party();
  CHECK(party.kind() == v1::RegisterParty::KIND_RED_CROSS);
  CHECK(party.alternative_ids_size() == 2);
  CHECK(party.alternative_ids(1).id() == "2");
  CHECK(party.parent() == "root");  // the author
  CHECK(party.role() == v1::ROLE_HOLDER);
  // What is usual is for a new item: one that is there keeps its own.
  desk.Do({Asset("BED", 0)});
  CHECK(Told(Import{"asset", "code\nBED\nEUR\n"}.Into(&desk.target)) ==
        "rows 2, added 1, amended 0, present 1, rejected 0, entries 1");
  CHECK(desk.Row("asset", "BED").action().declare_asset().decimals() == 0);
  CHECK(desk.Row("asset", "EUR").action().declare_asset().decimals() == 2);
}

TEST_CASE("more rows than fit into an entry go into several, and each is there once") {
  Desk desk;
  std::string text = "id,name,parent\n";
  for (int i = 0; i < 600; ++i)
    absl::StrAppend(&text, "c", i, ",", std::string(250, 'n'), ",",
                    i % 2 == 0 ? "" : absl::StrCat("c", i - 1), "\n");
  const auto summary = Need(Import{"category", text}.Into(&desk.target));
  CHECK(summary.added == 600);
  CHECK(summary.entries >= 3);
  CHECK(summary.entries < 6);
  CHECK(desk.ledger->size() == 1 + summary.entries);
  std::uint64_t next = 0, actions = 0;
  for (std::uint64_t i = 1; i < desk.ledger->size(); ++i) {
    const auto bytes = Need(desk.ledger->store().Get(model::keys::Record(RecordIndex(i))));
    const v1::Entry entry = Need(model::ParseEntry(Need(log::ParseRecord(*bytes)).signed_entry().entry()));
    CHECK(entry.source().first_row() == next);
    next = entry.source().last_row() + 1;
    actions += static_cast<std::uint64_t>(entry.actions_size());
  }
  CHECK(next == 600);
  CHECK(actions == 600);
  CHECK(Need(Import{"category", text}.Into(&desk.target)).present == 600);
}

TEST_CASE("an item that has ended is told, also where the row has it just as it was") {
  Desk desk;
  desk.Do({Category("a"), Category("b")});  // record 1
  desk.Do({End("category", "a", 1)});
  for (const bool amend : {false, true}) {
    Texts rejects;
    const Import import{"category", "id,name\na,Category a\nb,Category b\n", "", amend};
    CHECK(Told(import.Into(&desk.target, &rejects)) ==
          "rows 2, added 0, amended 0, present 1, rejected 1, entries 0");
    CHECK(rejects == Texts{"2: REFERENCE_ENDED at id: category a ended with record 2"});
  }
}

TEST_CASE("a row of an id that an earlier row has is told, and amends nothing") {
  Desk desk;
  Texts rejects;
  const Import import{"category", "id,name\na,A\nb,B\na,Another\n", "", true};
  CHECK(Told(import.Into(&desk.target, &rejects)) ==
        "rows 3, added 2, amended 0, present 0, rejected 1, entries 1");
  const Texts told = {"4: ID_TAKEN at id: category a stands in an earlier row of this file"};
  CHECK(rejects == told);
  rejects.clear();
  CHECK(Told(import.Into(&desk.target, &rejects)) ==
        "rows 3, added 0, amended 0, present 2, rejected 1, entries 0");
  CHECK(rejects == told);
  CHECK(desk.Row("category", "a").action().declare_category().name() == "A");
}

TEST_CASE(
    "an empty cell of a new item has the usual value, and an amendment that states a role states it for "
    "good") {
  Desk desk;
  Texts rejects;
  const Import import{"party", "id,name,parent,role\na,A,,\nb,B,a,recipient\n"};
  CHECK(Told(import.Into(&desk.target, &rejects)) ==
        "rows 2, added 2, amended 0, present 0, rejected 0, entries 1");
  CHECK(desk.Row("party", "a").action().register_party().parent() == "root");  // the author
  CHECK(desk.Row("party", "a").action().register_party().role() == v1::ROLE_HOLDER);
  desk.Do({Inferred("seen", "root"), Inferred("paid", "root")});
  const Import stated{"party", "id,role\nseen,recipient\npaid,holder\n", "", true};
  CHECK(Told(stated.Into(&desk.target, &rejects)) ==
        "rows 2, added 0, amended 2, present 0, rejected 0, entries 1");
  CHECK(rejects.empty());
  for (const std::string id : {"seen", "paid"})
    CHECK_FALSE(desk.Row("party", id).action().register_party().role_inferred());
  CHECK(desk.Row("party", "paid").action().register_party().role() == v1::ROLE_HOLDER);
}

TEST_CASE("a map that says name_in makes ids of names, and finds items by their names") {
  Desk desk;
  const std::string map =
      "[fields]\nid = { name_in = \"名称\" }\nname = \"名称\"\nparent = { name_in = \"上级\" }\nrole = "
      "\"角色\"\n"
      "[replace.role]\n\"来源方\" = \"source\"\n\"经手方\" = \"holder\"\n\"受助方\" = \"recipient\"\n";
  // The child stands before its parent, and its parent in another entry of the same file.
  const Import import{
      "party",
      "名称,上级,角色\n双山镇,大方县,受助方\n大方县,,经手方\nTea Company,root,来源方\n红十字会,大方县,\n",
      map};
  Texts rejects;
  Import tried = import;
  tried.dry_run = true;
  const std::uint64_t size = desk.ledger->size();
  CHECK(Told(tried.Into(&desk.target, &rejects)) ==
        "rows 4, added 4, amended 0, present 0, rejected 0, entries 2");
  CHECK(desk.ledger->size() == size);
  CHECK(Told(import.Into(&desk.target, &rejects)) ==
        "rows 4, added 4, amended 0, present 0, rejected 0, entries 2");
  CHECK(rejects.empty());
  CHECK(desk.Row("party", "da-fang-xian").action().register_party().name() == "大方县");
  CHECK(desk.Row("party", "shuang-shan-zhen").action().register_party().parent() == "da-fang-xian");
  CHECK(desk.Row("party", "shuang-shan-zhen").action().register_party().role() == v1::ROLE_RECIPIENT);
  CHECK(desk.Row("party", "tea-company").action().register_party().parent() == "root");
  CHECK(desk.Row("party", "tea-company").action().register_party().role() == v1::ROLE_SOURCE);
  CHECK(desk.Row("party", "hong-shi-zi-hui").action().register_party().role() == v1::ROLE_HOLDER);
  // A second run finds what the first one made.
  CHECK(Told(import.Into(&desk.target)) == "rows 4, added 0, amended 0, present 4, rejected 0, entries 0");
  // A body that has an id of its own is found by its name; who sounds like another body is not taken for it.
  desk.Do({Party("county-2", "root")});
  Texts told;
  const Import more{"party", "名称,上级,角色\n双山真,大方县,受助方\nNobody,无此单位,\n新村,Party county-2,\n",
                    map};
  CHECK(Told(more.Into(&desk.target, &told)) ==
        "rows 3, added 1, amended 0, present 0, rejected 2, entries 1");
  REQUIRE(told.size() == 2);
  CHECK(
      told[0] ==
      "2: ID_TAKEN at id: the id that this name makes, shuang-shan-zhen, is that of 双山镇: give the rows a "
      "column of ids");
  CHECK(told[1] == "3: REFERENCE_UNKNOWN at parent: there is no party called 无此单位");
  CHECK(desk.Row("party", "xin-cun").action().register_party().parent() == "county-2");
  // Two have the name: nobody chooses between them.
  v1::Action twin = Party("twin", "root");
  twin.mutable_register_party()->set_name("大方县");
  desk.Do({twin});
  told.clear();
  const Import unclear{"party", "名称,上级,角色\n坡脚村,大方县,\n", map};
  Need(unclear.Into(&desk.target, &told).status());
  CHECK(told ==
        Texts{"2: FIELD_INVALID at parent: several parties are called 大方县, da-fang-xian and twin among "
              "them: write the id"});
  // One of them ends: the other is meant.
  desk.Do({End("party", "twin", desk.ledger->size() - 1)});
  CHECK(Told(unclear.Into(&desk.target)) == "rows 1, added 1, amended 0, present 0, rejected 0, entries 1");
  CHECK(desk.Row("party", "po-jiao-cun").action().register_party().parent() == "da-fang-xian");
}

TEST_CASE("an amount in a column of 万元 is scaled when the map says so, and refused when it does not") {
  Desk desk;
  const std::string rows =
      "id,name,asset,预算（万元）,from,targets\n"
      "roofs,Roofs,CNY,12.5,2026/1/5,roofs=1\n"
      "wells,Wells,CNY,\"1,000.05\",2026年2月1日,wells=2\n";
  const std::string fields =
      "[fields]\nid = \"id\"\nname = \"name\"\nasset = \"asset\"\nfrom = \"from\"\ntargets = "
      "\"targets\"\nbudget = { column = "
      "\"预算（万元）\"";
  CHECK(Told(Import{"project", rows, fields + " }\n"}.Into(&desk.target)) ==
        "the column \"预算（万元）\" seems to count in units of 10000; say factor = 10000 in the map if it "
        "does, and "
        "factor = 1 if not");
  Texts rejects;
  CHECK(Told(Import{"project", rows, fields + ", factor = 10000 }\n"}.Into(&desk.target, &rejects)) ==
        "rows 2, added 2, amended 0, present 0, rejected 0, entries 1");
  CHECK(rejects.empty());
  CHECK(desk.Row("project", "roofs").action().propose_project().budget() == 12'500'000);
  CHECK(desk.Row("project", "wells").action().propose_project().budget() == 1'000'050'000);
  CHECK(desk.Row("project", "roofs").action().propose_project().from() == "2026-01-05");
  CHECK(desk.Row("project", "wells").action().propose_project().from() == "2026-02-01");
  CHECK(
      Told(Import{"project", rows, "[fields]\nid = \"id\"\nname = { column = \"name\", factor = 10 }\n"}.Into(
          &desk.target)) == "the map has a factor for \"name\", which is no amount");
  CHECK_THAT(
      Told(Import{"need", rows, "[fields]\nid = { name_in = \"name\" }\n"}.Into(&desk.target)),
      Catch::StartsWith("the map says name_in for \"id\": it goes with the id of an item that has a name"));
  CHECK_THAT(Told(Import{"project", rows, "[fields]\nid = \"id\"\n[replace.nothing]\na = \"b\"\n"}.Into(
                 &desk.target)),
             Catch::StartsWith("the map names the field \"nothing\", and a project has id, name, "));
}

TEST_CASE("a column that is listed twice is refused") {
  Desk desk;
  const Import import{"place", "ID,Name,name\na,A,B\n"};
  CHECK(Told(import.Into(&desk.target)) == "rows.csv has the column \"name\" twice");
}

TEST_CASE("a row that no record has room for is rejected, and the others go on") {
  Desk desk;
  std::string ids;
  for (int i = 0; i < 256; ++i) absl::StrAppend(&ids, i > 0 ? ";" : "", "s", i, "=", std::string(245, 'x'));
  REQUIRE(ids.size() <= sheets::kMaxFieldBytes);
  Texts rejects;
  const Import import{"party", "id,name,alternative_ids\na,A,\nlarge,Large," + ids + "\nb,B,iati=1\n"};
  const auto summary = Need(import.Into(&desk.target, &rejects));
  CHECK(Told(summary) == "rows 3, added 2, amended 0, present 0, rejected 1, entries 1");
  REQUIRE(rejects.size() == 1);
  CHECK_THAT(rejects[0], Catch::StartsWith("3: RECORD_TOO_LARGE: this row alone would need "));
  CHECK(summary.reject_codes == std::map<std::string, std::uint64_t>{{"RECORD_TOO_LARGE", 1}});
  CHECK_FALSE(Need(books::GetItem(desk.ledger->store(), v1::Action::kRegisterParty, "large")).has_value());
  CHECK(desk.Row("party", "b").action().register_party().alternative_ids_size() == 1);
}

TEST_CASE("somebody else writes meanwhile: the entry is made again, and nothing is in twice") {
  Desk desk;
  Watched others(desk.ledger.get());
  const Import import{"category", "id,name,parent\na,A,\nb,B,a\n"};
  intake::RegisterImportSummary of_other;
  desk.target.before = [&](int number) {
    if (number == 1) of_other = Need(import.Into(&others));
    return absl::OkStatus();
  };
  CHECK(Told(import.Into(&desk.target)) == "rows 2, added 0, amended 0, present 2, rejected 0, entries 0");
  CHECK(of_other.added == 2);
  // And where the other has it otherwise, that is told.
  Texts rejects;
  const Import more{"category", "id,name\nc,C\nd,D\n"};
  desk.target.before = [&](int number) {
    if (number == 2) desk.Do({Category("c")});
    return absl::OkStatus();
  };
  CHECK(Told(more.Into(&desk.target, &rejects)) ==
        "rows 2, added 1, amended 0, present 0, rejected 1, entries 1");
  REQUIRE(rejects.size() == 1);
  CHECK_THAT(rejects[0], Catch::StartsWith("2: ID_TAKEN: "));
}

TEST_CASE("an import that breaks off keeps what it wrote, and goes on there") {
  Desk desk;
  std::string text = "id,name\n";
  for (int i = 0; i < 600; ++i) absl::StrAppend(&text, "c", i, ",", std::string(250, 'n'), "\n");
  const Import import{"category", text};
  desk.target.before = [](int number) -> Status {
    return number == 2 ? absl::UnavailableError("the disk is full") : absl::OkStatus();
  };
  CHECK(import.Into(&desk.target).status() == absl::UnavailableError("the disk is full"));
  CHECK(desk.ledger->size() == 2);
  desk.target.before = [](int) { return absl::OkStatus(); };
  const auto summary = Need(import.Into(&desk.target));
  CHECK(summary.present > 0);
  CHECK(summary.added + summary.present == 600);
}

// A ledger with what needs name: a place, a category, an asset with two decimals, and two bodies of which one may judge.
struct NeedDesk : Desk {
  NeedDesk() {
    v1::Action county = Party("county", "root");
    county.mutable_register_party()->set_place("dafang");
    Do({testing::Place("dafang"), Category("EDU"), Asset("BED", 0), Party("town", "root"), county});  // 1
  }
  v1::DeclareNeed NeedOf(const std::string& id) const { return Row("need", id).action().declare_need(); }
};

TEST_CASE("an amount is read with the decimals of the asset in its row") {
  NeedDesk desk;
  Texts rejects;
  const Import file{"need",
                    "amount,asset,id,owner,place,category,people\n"
                    "\"1,100.50\",CNY,a,town,dafang,EDU,\n"
                    "12,BED,b,town,dafang,EDU,\n"
                    "1.005,CNY,c,town,dafang,EDU,\n"
                    "5,,d,town,dafang,EDU,7\n"
                    "5,EUR,e,town,dafang,EDU,7\n"};
  CHECK(Told(file.Into(&desk.target, &rejects)) ==
        "rows 5, added 2, amended 0, present 0, rejected 3, entries 1");
  CHECK(desk.NeedOf("a").amount() == 110'050);
  CHECK(desk.NeedOf("b").amount() == 12);
  REQUIRE(rejects.size() == 3);
  CHECK(rejects[0] == "4: FIELD_INVALID at amount: \"1.005\" is not an amount of an asset with 2 decimals");
  CHECK(rejects[1] == "5: FIELD_INVALID at amount: needs `asset`, whose amount it is");
  CHECK(rejects[2] == "6: REFERENCE_UNKNOWN at asset: there is no asset EUR");
  // An amount that is left would count another asset.
  rejects.clear();
  Import other{"need", "id,owner,place,category,asset,people\na,town,dafang,EDU,BED,9\n"};
  other.amend = true;
  CHECK(Told(other.Into(&desk.target, &rejects)) ==
        "rows 1, added 0, amended 0, present 0, rejected 1, entries 0");
  REQUIRE(rejects.size() == 1);
  CHECK_THAT(rejects[0], Catch::Contains("it counted \"CNY\", and would count \"BED\": say the amount too"));
}

TEST_CASE("amounts in a list are read with the decimals of the asset beside each") {
  NeedDesk desk;
  Texts rejects;
  const Import file{"fund",
                    "id,name,owner,approvals,approvers\n"
                    "a,A,town,\"CNY=1,000.50=2; BED=5=1=county\",county; town\n"
                    "b,B,town,CNY=1.005=1,county\n"
                    "c,C,town,EUR=5=1,county\n"
                    "d,D,town,CNY=5,county\n"
                    "e,E,town,CNY=5=2=county,county; town\n"};
  CHECK(Told(file.Into(&desk.target, &rejects)) ==
        "rows 5, added 1, amended 0, present 0, rejected 4, entries 1");
  const v1::OpenFund fund = desk.Row("fund", "a").action().open_fund();
  REQUIRE(fund.approvals_size() == 2);
  CHECK(fund.approvals(0).from_amount() == 100'050);
  CHECK(fund.approvals(1).from_amount() == 5);
  CHECK(fund.approvals(1).by() == "county");
  REQUIRE(fund.approvers_size() == 2);
  CHECK(fund.approvers(0) == "county");
  CHECK(fund.approvers(1) == "town");
  REQUIRE(rejects.size() == 4);
  CHECK(rejects[0] ==
        "3: FIELD_INVALID at approvals: \"1.005\" is not an amount of an asset with 2 decimals");
  CHECK(rejects[1] ==
        "5: FIELD_INVALID at approvals: \"CNY=5\" is not of the form ASSET=FROM_AMOUNT=APPROVALS[=BY]");
  CHECK_THAT(rejects[2], Catch::StartsWith("6: FIELD_INVALID at approvals: is 2, and must be 1: "));
  CHECK(rejects[3] == "4: REFERENCE_UNKNOWN at approvals: there is no asset EUR");
  rejects.clear();
  CHECK(Told(file.Into(&desk.target, &rejects)) ==
        "rows 5, added 0, amended 0, present 1, rejected 4, entries 0");
}

TEST_CASE(
    "an empty cell where something is usual says the usual thing, and changes nothing of what is there") {
  NeedDesk desk;
  Import file{"deployment", "id,owner,party,place,category,status,activity\na,,county,dafang,EDU,,lessons\n"};
  CHECK(Told(file.Into(&desk.target)) == "rows 1, added 1, amended 0, present 0, rejected 0, entries 1");
  const auto row = [&] { return desk.Row("deployment", "a").action().deploy(); };
  CHECK(row().owner() == "root");
  CHECK(row().status() == v1::Deploy::STATUS_ACTIVE);
  CHECK(Told(file.Into(&desk.target)) == "rows 1, added 0, amended 0, present 1, rejected 0, entries 0");
  // Nothing is usual for what it does: there an empty cell empties it.
  file.text = "id,owner,party,place,category,status,activity\na,,county,dafang,EDU,,\n";
  file.amend = true;
  CHECK(Told(file.Into(&desk.target)) == "rows 1, added 0, amended 1, present 0, rejected 0, entries 1");
  CHECK(row().owner() == "root");
  CHECK(row().status() == v1::Deploy::STATUS_ACTIVE);
  CHECK(row().activity().empty());
}

TEST_CASE(
    "needs and teams keep their file and rows, what is rejected its line and reason, and a second run adds "
    "nothing") {
  const struct {
    const char* of;
    std::string text, more;
    std::vector<std::string> rejects;
  } kCases[] = {
      {"need",
       "id,owner,place,category,people\n"
       "lost,town,nowhere,EDU,7\n"
       "a,town,dafang,EDU,7\n"
       "nothing,town,dafang,EDU,\n"
       "b,town,dafang,EDU,8\n"
       "b,town,dafang,EDU,9\n",
       "c,town,dafang,EDU,10\n",
       {"4: FIELD_INVALID", "6: ID_TAKEN at id: need b stands in an earlier row of this file",
        "2: REFERENCE_UNKNOWN at place: there is no place nowhere"}},
      {"deployment",
       "id,owner,party,place,category,status\n"
       "lost,town,nobody,dafang,EDU,active\n"
       "a,town,county,dafang,EDU,active\n"
       "unknown,town,county,dafang,EDU,somehow\n"
       "b,town,county,dafang,EDU,planned\n"
       "b,town,county,dafang,EDU,active\n",
       "c,town,county,dafang,EDU,active\n",
       {"4: FIELD_INVALID", "6: ID_TAKEN at id: deployment b stands in an earlier row of this file",
        "2: REFERENCE_UNKNOWN at party: there is no party nobody"}},
  };
  for (const auto& one : kCases) {
    INFO(one.of);
    NeedDesk desk;
    // The rows that the newest entry holds.
    const auto check = [&](const std::string& text, std::uint64_t first, std::uint64_t last, int actions) {
      const auto bytes =
          Need(desk.ledger->store().Get(model::keys::Record(RecordIndex(desk.ledger->size() - 1))));
      const v1::Entry entry = Need(model::ParseEntry(Need(log::ParseRecord(*bytes)).signed_entry().entry()));
      CHECK(entry.source().name() == "rows.csv");
      CHECK(entry.source().sha256() == crypto::Sha256(text).view());
      CHECK(entry.source().first_row() == first);
      CHECK(entry.source().last_row() == last);
      CHECK(entry.actions_size() == actions);
    };
    for (const bool again : {false, true}) {
      INFO((again ? "again" : "first"));
      Texts rejects;
      CHECK(Told(Import{one.of, one.text}.Into(&desk.target, &rejects)) ==
            (again ? "rows 5, added 0, amended 0, present 2, rejected 3, entries 0"
                   : "rows 5, added 2, amended 0, present 0, rejected 3, entries 1"));
      REQUIRE(rejects.size() == one.rejects.size());
      for (std::size_t i = 0; i < rejects.size(); ++i)
        CHECK_THAT(rejects[i], Catch::StartsWith(one.rejects[i]));
      check(one.text, 1, 3, 2);  // the first and the last row are not in it
    }
    const Import longer{one.of, one.text + one.more};
    CHECK(Told(longer.Into(&desk.target)) == "rows 6, added 1, amended 0, present 2, rejected 3, entries 1");
    check(longer.text, 5, 5, 1);
  }
}

TEST_CASE("what an import brought in is judged in entries of their own, and each version once") {
  NeedDesk desk;
  const auto key = Key(1);
  std::string rows = "id,owner,place,category,people\n";
  for (int i = 0; i < 900; ++i) absl::StrAppend(&rows, "n", i, ",town,dafang,EDU,7\n");
  const Import file{"need", rows};
  intake::AttestOptions options;
  options.of = model::FindAttestation(v1::Action::kVerifyNeed);
  options.key = &key;
  options.date = Need(ParseDate("2026-03-01"));
  options.by = "county";
  const auto told = [&](const std::map<std::string, Bytes>& items) {
    const auto said = Need(intake::AttestItems(&desk.target, items, options));
    return absl::StrCat("said ", said.said, ", before ", said.before, ", other ", said.other, ", refused ",
                        said.refused, ", entries ", said.entries);
  };
  const auto as_it_stands = [&](const std::string& id) {
    return intake::StandsAs(desk.Row("need", id).action());
  };
  const auto summary = Need(file.Into(&desk.target));
  REQUIRE(summary.items.size() == 900);
  CHECK(summary.items.at("n7") == as_it_stands("n7"));
  CHECK(told(summary.items) == "said 900, before 0, other 0, refused 0, entries 1");
  CHECK(told(summary.items) == "said 0, before 900, other 0, refused 0, entries 0");
  const auto said = Need(books::NewestAttestation(desk.ledger->store(), v1::Action::kDeclareNeed, "n7",
                                                  v1::Action::kVerifyNeed));
  REQUIRE(said.has_value());
  CHECK(said->author() == "county");
  CHECK(said->action().verify_need().by() == "county");
  CHECK(said->action().verify_need().result() == v1::VerifyNeed::RESULT_CONFIRMED);
  CHECK(said->action().verify_need().version() == desk.Row("need", "n7").record());
  // The items that are there already are among those of a second run, so that one that was interrupted goes on.
  CHECK(Need(file.Into(&desk.target)).items == summary.items);

  v1::Action amended = desk.Row("need", "n7").action();
  amended.mutable_declare_need()->set_people(8);
  desk.Do({Amending(amended, desk.Row("need", "n7").record())});
  // What is not as the file left it is not judged, nor what ended or is not there.
  desk.Do({End("need", "n8", desk.Row("need", "n8").record())});
  std::map<std::string, Bytes> some{{"none", ""}};
  for (const char* id : {"n6", "n7", "n8"}) some[id] = summary.items.at(id);
  CHECK(told(some) == "said 0, before 1, other 3, refused 0, entries 0");
  some["n7"] = as_it_stands("n7");
  CHECK(told(some) == "said 1, before 1, other 2, refused 0, entries 1");
  // Whom the rules do not let is told, and nothing is written.
  amended.mutable_declare_need()->set_people(9);
  desk.Do({Amending(amended, desk.Row("need", "n7").record())});
  options.by = "town";
  const std::uint64_t size = desk.ledger->size();
  const auto own = Need(intake::AttestItems(&desk.target, {{"n7", as_it_stands("n7")}}, options));
  CHECK(own.refused == 1);
  CHECK(own.refusals.at("NEED_SELF_VERIFIED") == 1);
  CHECK_THAT(own.first_refusal, Catch::StartsWith("need n7: "));
  CHECK(desk.ledger->size() == size);
  // What names no version cannot be said about many.
  options.of = model::FindAttestation(v1::Action::kReportProgress);
  CHECK(intake::AttestItems(&desk.target, some, options).status().code() ==
        absl::StatusCode::kInvalidArgument);
}

TEST_CASE("a row that was refused when others wrote meanwhile is not one of the items that are judged") {
  NeedDesk desk;
  const Import file{"need",
                    "id,owner,place,category,people\n"
                    "a,town,dafang,EDU,7\n"
                    "b,town,dafang,EDU,7\n"
                    "b,town,dafang,EDU,8\n"};
  const Import of_other{"need", "id,owner,place,category,people\na,town,dafang,EDU,9\n"};
  Watched others(desk.ledger.get());
  desk.target.before = [&](int number) {
    if (number == 1) Need(of_other.Into(&others).status());
    return absl::OkStatus();
  };
  Texts rejects;
  const auto summary = Need(file.Into(&desk.target, &rejects));
  CHECK(Told(summary) == "rows 3, added 1, amended 0, present 0, rejected 2, entries 1");
  REQUIRE(rejects.size() == 2);
  CHECK_THAT(rejects[0], Catch::StartsWith("2: ID_TAKEN: "));
  CHECK_THAT(rejects[1], Catch::StartsWith("4: ID_TAKEN at id: "));
  REQUIRE(summary.items.size() == 1);
  CHECK(summary.items.at("b") == intake::StandsAs(desk.Row("need", "b").action()));
  CHECK(desk.NeedOf("b").people() == 7);
}

TEST_CASE("every register: its items can be written as a spreadsheet, and imported as they were") {
  for (const model::Register& of : model::Registers()) {
    // What groups decide needs several keys, and an import signs with one.
    if (of.whose == model::Whose::kJudges || of.whose == model::Whose::kAssigns) continue;
    INFO(of.name);
    Desk desk;
    Need(desk.ledger->AppendOne(SignedBytes(Entry("root", 1, Seeds()), {1, kHand}), desk.clock.Read())
             .status());
    if (of.action == v1::Action::kFormGroup) desk.Do({Party("a", "root")});
    const v1::Action action = WholeItem(of, "a");
    std::string titles, cells;
    for (int i = 0; i < model::ItemDescriptor(of).field_count(); ++i) {
      const auto& field = *model::ItemDescriptor(of).field(i);
      absl::StrAppend(&titles, i > 0 ? "," : "", field.name());
      std::string cell;
      for (const std::string& text :
           model::FieldTexts(model::ItemOf(action), field, AllWith(model::ItemOf(action), 0)))
        absl::StrAppend(&cell, cell.empty() ? "" : ";", text);
      absl::StrAppend(&cells, i > 0 ? ",\"" : "\"", cell, "\"");
    }
    const Import import{std::string(of.name), titles + "\n" + cells + "\n"};
    INFO(import.text);
    Texts rejects;
    const auto summary = import.Into(&desk.target, &rejects);
    INFO((rejects.empty() ? "" : rejects[0]));
    CHECK(Told(summary) == "rows 1, added 1, amended 0, present 0, rejected 0, entries 1");
    CHECK(desk.Row(std::string(of.name), "a").action().SerializeAsString() == action.SerializeAsString());
  }
}

}  // namespace
}  // namespace fundtrail::testing
