// An item's fields as people write them: each can be written and read back, and what says no value is told.
#include "ledger/model/item_text.h"

#include <catch2/catch.hpp>

#include "fundtrail/v1/entry.pb.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/util/message_differencer.h"
#include "ledger/model/register_table.h"
#include "tests/support/entries.h"
#include "tests/support/items.h"

namespace fundtrail::testing {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::util::MessageDifferencer;
using Texts = std::vector<std::string>;

const FieldDescriptor& Field(const Message& message, const std::string& name) {
  const auto* field = message.GetDescriptor()->FindFieldByName(name);
  if (field == nullptr) throw std::runtime_error("no field " + name);
  return *field;
}

TEST_CASE("each field of every register is written as texts, and read back from them") {
  for (const model::Register& of : model::Registers()) {
    for (int variant = 0; variant < 3; ++variant) {
      const v1::Action action = EveryField(of, "a", variant);
      const Message& item = model::ItemOf(action);
      v1::Action read;
      Message* back = model::MutableItemOf(of, &read);
      for (int i = 0; i < item.GetDescriptor()->field_count(); ++i) {
        const FieldDescriptor& field = *item.GetDescriptor()->field(i);
        INFO(field.full_name());
        const Texts texts = model::FieldTexts(item, field, AllWith(item, 2));
        CHECK(texts.size() == (field.is_repeated() ? 2 : 1));
        for (const std::string& text : texts) CHECK_FALSE(text.empty());
        CHECK(model::SetField(back, field, texts, 2) == absl::OkStatus());
        CHECK(model::FieldTexts(*back, field, AllWith(item, 2)) == texts);
        // Again: what was there is replaced.
        CHECK(model::SetField(back, field, texts, 2) == absl::OkStatus());
      }
      CHECK(MessageDifferencer::Equals(item, *back));
    }
  }
}

TEST_CASE("a field is emptied by no text, and by an empty one") {
  for (const model::Register& of : model::Registers()) {
    for (const Texts& none : {Texts{}, Texts{""}}) {
      v1::Action action = WholeItem(of, "a");
      Message* item = model::MutableItemOf(of, &action);
      for (int i = 0; i < item->GetDescriptor()->field_count(); ++i) {
        const FieldDescriptor& field = *item->GetDescriptor()->field(i);
        INFO(field.full_name());
        CHECK(model::SetField(item, field, none) == absl::OkStatus());
        // A level and a count of decimals say something where they are 0.
        const bool number = field.cpp_type() == FieldDescriptor::CPPTYPE_UINT32 && !field.is_repeated();
        CHECK(model::FieldTexts(*item, field) ==
              (number && model::FormOf(field).fixed() ? Texts{"0"} : Texts{}));
      }
      CHECK(item->ByteSizeLong() == 0);
    }
  }
}

TEST_CASE(
    "values of an enum are read in any case, with spaces or dashes; numbers, pairs and truths as they are "
    "written") {
  v1::RegisterParty party;
  const FieldDescriptor& kind = Field(party, "kind");
  for (const char* text : {"red-cross", "RED_CROSS", "Red Cross", "red_cross"}) {
    CHECK(model::SetField(&party, kind, {text}) == absl::OkStatus());
    CHECK(party.kind() == v1::RegisterParty::KIND_RED_CROSS);
  }
  CHECK(model::FieldTexts(party, kind) == Texts{"red-cross"});
  party.set_kind(static_cast<v1::RegisterParty::Kind>(99));
  CHECK(model::FieldTexts(party, kind) == Texts{"99"});  // of a ledger that knows more

  const FieldDescriptor& alternative = Field(party, "alternative_ids");
  CHECK(model::SetField(&party, alternative, {"iati=GB-GOV-1", "url=a=b", "x="}) == absl::OkStatus());
  REQUIRE(party.alternative_ids_size() == 3);
  CHECK(party.alternative_ids(0).scheme() == "iati");
  CHECK(party.alternative_ids(0).id() == "GB-GOV-1");
  CHECK(party.alternative_ids(1).id() == "a=b");
  CHECK(party.alternative_ids(2).id().empty());  // for the form to refuse
  CHECK(model::FieldTexts(party, alternative) == Texts{"iati=GB-GOV-1", "url=a=b", "x="});

  v1::DeclareAsset asset;
  CHECK(model::SetField(&asset, Field(asset, "decimals"), {"4294967295"}) == absl::OkStatus());
  CHECK(asset.decimals() == 4'294'967'295);
  CHECK(model::SetField(&asset, Field(asset, "decimals"), {"0"}) == absl::OkStatus());
  CHECK(asset.decimals() == 0);

  v1::Transfer transfer;
  CHECK(model::SetField(&transfer, Field(transfer, "amount"), {"9223372036854775807"}) == absl::OkStatus());
  CHECK(transfer.amount() == INT64_MAX);
  CHECK(model::FieldTexts(transfer, Field(transfer, "amount")) == Texts{"9223372036854775807"});

  v1::AuthoriseKey grant;
  CHECK(model::FieldTexts(grant, Field(grant, "descendants")) == Texts{});
  CHECK(model::SetField(&grant, Field(grant, "descendants"), {"yes"}) == absl::OkStatus());
  CHECK(grant.descendants());
  CHECK(model::FieldTexts(grant, Field(grant, "descendants")) == Texts{"yes"});
  CHECK(model::SetField(&grant, Field(grant, "permissions"), {"pay", "Declare"}) == absl::OkStatus());
  CHECK(model::FieldTexts(grant, Field(grant, "permissions")) == Texts{"pay", "declare"});
}

TEST_CASE("the value 0 of an enum is a word like the others, where it is one") {
  v1::GiveSeat seat;
  seat.set_role(v1::GiveSeat::ROLE_CHAIR);
  CHECK(model::SetField(&seat, Field(seat, "role"), {"member"}) == absl::OkStatus());
  CHECK(seat.role() == v1::GiveSeat::ROLE_MEMBER);
  CHECK(model::SetField(&seat, Field(seat, "role"), {"guest"}).message() ==
        "\"guest\" is not one of member, chair, secretary");
  v1::OpenPolicy policy;
  CHECK(model::SetField(&policy, Field(policy, "objectives"),
                        {"JOB=people in work=5=up", "JOB=absence=5=down"}) == absl::OkStatus());
  REQUIRE(policy.objectives_size() == 2);
  CHECK(policy.objectives(0).better() == v1::Objective::DIRECTION_UP);
  CHECK(policy.objectives(1).better() == v1::Objective::DIRECTION_DOWN);
}

TEST_CASE("a text that says no value of its field is told") {
  v1::RegisterParty party;
  v1::DeclareAsset asset;
  v1::Transfer transfer;
  v1::AuthoriseKey grant;
  const std::string kinds =
      "\" is not one of government, intergovernmental, un, pooled-fund, red-cross, ngo, foundation, company, "
      "academic, community, household, other";
  const struct {
    Message* item;
    std::string field;
    Texts texts;
    std::string says;
  } kCases[] = {
      {&party, "kind", {"army"}, "\"army" + kinds},
      {&party, "kind", {"kind-unspecified"}, "\"kind-unspecified" + kinds},
      {&party, "kind", {"1"}, "\"1" + kinds},
      {&party, "kind", {"\x1b[2J"}, "\"\\u{001B}[2J" + kinds},
      {&party, "role", {"king"}, "\"king\" is not one of source, holder, recipient"},
      {&party, "name", {"a", "b"}, "one value may be here, and not several"},
      {&party, "kind", {"ngo", "un"}, "one value may be here, and not several"},
      {&party, "alternative_ids", {"iati"}, "\"iati\" is not of the form SCHEME=ID"},
      {&party, "alternative_ids", {"iati=1", ""}, "\"\" is not of the form SCHEME=ID"},
      {&asset, "decimals", {"two"}, "\"two\" is not a whole number"},
      {&asset, "decimals", {"-1"}, "\"-1\" is not a whole number"},
      {&asset, "decimals", {"+1"}, "\"+1\" is not a whole number"},
      {&asset, "decimals", {" 1"}, "\" 1\" is not a whole number"},
      {&asset, "decimals", {"1.0"}, "\"1.0\" is not a whole number"},
      {&asset, "decimals", {"4294967296"}, "\"4294967296\" is not a whole number"},
      {&transfer, "amount", {"9223372036854775808"}, "\"9223372036854775808\" is not a whole number"},
      {&grant, "descendants", {"true"}, "\"true\" is neither yes nor no"},
  };
  for (const auto& one : kCases) {
    INFO(one.field << " " << one.texts[0]);
    const Status status = model::SetField(one.item, Field(*one.item, one.field), one.texts);
    CHECK(status.code() == absl::StatusCode::kInvalidArgument);
    CHECK(status.message() == one.says);
  }
}

TEST_CASE("an amount has the decimals of its asset, and where they are not known it says so") {
  v1::DeclareNeed need;
  const FieldDescriptor& amount = Field(need, "amount");
  const struct {
    std::string text;
    int decimals;
    std::int64_t amount;
    std::string shown;
  } kCases[] = {
      {"6745.00", 2, 674'500, "6,745.00"},
      {"6,745", 2, 674'500, "6,745.00"},
      {"6745", 0, 6'745, "6,745"},
      {"0.001", 3, 1, "0.001"},
      {"-1", 2, -100, "-1.00"},  // for the form to refuse
  };
  for (const auto& one : kCases) {
    INFO(one.text);
    CHECK(model::SetField(&need, amount, {one.text}, one.decimals) == absl::OkStatus());
    CHECK(need.amount() == one.amount);
    CHECK(model::FieldTexts(need, amount, one.decimals) == Texts{one.shown});
  }
  need.set_amount(674'500);
  CHECK(model::FieldTexts(need, amount) == Texts{"674500 (smallest unit)"});
  // Other numbers have no decimals.
  need.set_people(400);
  CHECK(model::FieldTexts(need, Field(need, "people"), 2) == Texts{"400"});
  for (const std::string wrong : {"1.234", "ten", "92233720368547758.08", "1e3", "1.5 CNY"}) {
    INFO(wrong);
    CHECK(model::SetField(&need, amount, {wrong}, 2).message() ==
          "\"" + wrong + "\" is not an amount of an asset with 2 decimals");
  }
}

TEST_CASE("the fields of a message are split at each equals sign, and what is empty at its end is left out") {
  v1::ProposeProject project;
  const FieldDescriptor& places = Field(project, "places");
  CHECK(model::SetField(&project, places, {"gbt2260:52=4000", "gbt2260:53", "a=b=c"}).message() ==
        "\"b=c\" is not a whole number");
  CHECK(model::SetField(&project, places, {"gbt2260:52=4000", "gbt2260:53"}) == absl::OkStatus());
  CHECK(project.places(0).basis_points() == 4000);
  CHECK(project.places(1).place() == "gbt2260:53");
  CHECK(project.places(1).basis_points() == 0);
  CHECK(model::FieldTexts(project, places) == Texts{"gbt2260:52=4000", "gbt2260:53"});

  const FieldDescriptor& targets = Field(project, "targets");
  const struct {
    std::string text, shown;
  } kCases[] = {
      {"pupils=400", "pupils=400"},
      {"pupils=400=persons", "pupils=400=persons"},
      {"pupils=400==120", "pupils=400==120"},
      {"pupils=400==", "pupils=400"},
      {"pupils=", "pupils=0"},  // for the form to refuse
      {"pupils=400=persons=120=max=latest", "pupils=400=persons=120=max=latest"},
      {"pupils=400===sum", "pupils=400==0=sum"},
      {"pupils=400=persons===SUM", "pupils=400=persons=0==sum"},  // no rule across places
      {"pupils=400=persons=0=average=", "pupils=400=persons=0=average"},
  };
  for (const auto& one : kCases) {
    INFO(one.text);
    CHECK(model::SetField(&project, targets, {one.text}) == absl::OkStatus());
    CHECK(model::FieldTexts(project, targets) == Texts{one.shown});
  }
  CHECK(model::SetField(&project, targets, {"pupils"}).message() ==
        "\"pupils\" is not of the form INDICATOR=TARGET[=UNIT][=BASELINE][=ACROSS_PLACES][=ACROSS_PERIODS]");
  CHECK(model::SetField(&project, targets, {"pupils=400=persons=few"}).message() ==
        "\"few\" is not a whole number");
  const std::string rules = "\" is not one of sum, max, average, latest";
  CHECK(model::SetField(&project, targets, {"pupils=400=persons=0=most"}).message() == "\"most" + rules);
  // The last part takes the rest.
  CHECK(model::SetField(&project, targets, {"pupils=400=persons=0=max=latest=x"}).message() ==
        "\"latest=x" + rules);
  CHECK(model::SetField(&project, targets, {"pupils=400=persons=0=rule-unspecified"}).message() ==
        "\"rule-unspecified" + rules);
  CHECK(model::SetField(&project, targets, {"pupils=400=persons=0=max=latest"}) == absl::OkStatus());
  CHECK(project.targets(0).across_places() == v1::Target::RULE_MAX);
  CHECK(project.targets(0).across_periods() == v1::Target::RULE_LATEST);
}

TEST_CASE("an amount in a list has the decimals of the asset beside it, and each item may name another") {
  v1::OpenFund fund;
  const FieldDescriptor& approvals = Field(fund, "approvals");
  const Texts texts = {"CNY=100000.00=2", "BED=5=1=audit-office", "CNY==1"};
  const model::DecimalsOf decimals_of = [&](const FieldDescriptor& field,
                                            const std::string& code) -> StatusOr<int> {
    CHECK(&field == &approvals);  // the item's own
    if (code == "XAU") return absl::NotFoundError("there is no asset XAU");
    return code == "CNY" ? 2 : 0;
  };
  const model::FieldFault tell = [](const FieldDescriptor& field, const Status& status) {
    return Annotate(status, field.name());
  };
  const auto set = [&](const Texts& values) {
    return std::string(model::SetFields(&fund, {{&approvals, values}}, decimals_of, tell).message());
  };
  CHECK(set(texts).empty());
  REQUIRE(fund.approvals_size() == 3);
  CHECK(fund.approvals(0).asset() == "CNY");
  CHECK(fund.approvals(0).from_amount() == 10'000'000);
  CHECK(fund.approvals(0).approvals() == 2);
  CHECK(fund.approvals(0).by().empty());
  CHECK(fund.approvals(1).from_amount() == 5);
  CHECK(fund.approvals(1).by() == "audit-office");
  CHECK(fund.approvals(2).from_amount() == 0);

  model::AmountDecimals decimals;
  CHECK(model::FieldTexts(fund, approvals, decimals) == Texts{"CNY=10000000 (smallest unit)=2",
                                                              "BED=5 (smallest unit)=1=audit-office",
                                                              "CNY=0 (smallest unit)=1"});
  decimals.own = 7;  // of amounts beside the list
  decimals.of_assets = {{"CNY", 2}, {"BED", 0}};
  CHECK(model::FieldTexts(fund, approvals, decimals) ==
        Texts{"CNY=100,000.00=2", "BED=5=1=audit-office", "CNY=0.00=1"});
  decimals.commas = false;
  CHECK(model::FieldTexts(fund, approvals, decimals) ==
        Texts{"CNY=100000.00=2", "BED=5=1=audit-office", "CNY=0.00=1"});
  // What is shown can be read.
  CHECK(set({"CNY=100,000.00=2"}).empty());
  CHECK(fund.approvals(0).from_amount() == 10'000'000);
  CHECK(set({""}).empty());
  CHECK(fund.approvals().empty());

  const std::string form = " is not of the form ASSET=FROM_AMOUNT=APPROVALS[=BY]";
  const struct {
    std::string text, says;
  } kWrong[] = {
      {"CNY", "approvals: \"CNY\"" + form},
      {"CNY=5", "approvals: \"CNY=5\"" + form},
      {"=5=1", "approvals: \"=5=1\"" + form},
      {"CNY=1.005=1", "approvals: \"1.005\" is not an amount of an asset with 2 decimals"},
      {"BED=1.5=1", "approvals: \"1.5\" is not an amount of an asset with 0 decimals"},
      {"CNY=5=two", "approvals: \"two\" is not a whole number"},
      {"XAU=5=1", "there is no asset XAU"},  // as whoever was asked says it
  };
  for (const auto& one : kWrong) {
    INFO(one.text);
    CHECK(set({one.text}) == one.says);
  }
}

TEST_CASE("each amount of an item is found with its asset, those in its lists too") {
  const auto found = [](const Message& item) {
    std::string text;
    Need(model::EachAmount(item, [&](const FieldDescriptor& field, const std::string& asset) {
      absl::StrAppend(&text, text.empty() ? "" : ", ", field.name(), " ", asset);
      return absl::OkStatus();
    }));
    return text;
  };
  CHECK(found(v1::DeclareNeed()).empty());
  v1::DeclareNeed need;
  need.set_asset("CNY");
  CHECK(found(need) == "amount CNY");
  const v1::Action fund = WithApprovals(WithApprovals(Fund("f", "root"), 1), 1, 5, "", "BED");
  CHECK(found(fund.open_fund()) == "approvals CNY, approvals BED");
  CHECK(model::EachAmount(need, [](const FieldDescriptor&, const std::string&) {
          return absl::NotFoundError("no");
        }) == absl::NotFoundError("no"));
}

TEST_CASE("several fields are set with amounts last, in the decimals of the asset that the item then names") {
  const v1::DeclareNeed empty;
  const FieldDescriptor *amount = &Field(empty, "amount"), *asset = &Field(empty, "asset"),
                        *people = &Field(empty, "people");
  const model::DecimalsOf decimals_of = [](const FieldDescriptor&, const std::string& code) -> StatusOr<int> {
    if (code.empty()) return absl::InvalidArgumentError("of which asset?");
    return code == "CNY" ? 2 : 0;
  };
  const model::FieldFault tell = [](const FieldDescriptor& field, const Status& status) {
    return Annotate(status, field.name());
  };
  v1::DeclareNeed need;
  const auto set = [&](const std::vector<model::FieldValue>& values) {
    return std::string(model::SetFields(&need, values, decimals_of, tell).message());
  };
  CHECK(set({{amount, {"12.50"}}, {asset, {"CNY"}}, {people, {"7"}}}).empty());
  CHECK(need.amount() == 1'250);
  CHECK(need.people() == 7);
  // An amount that is left counts what it counted.
  CHECK(set({{asset, {"BED"}}}) == "amount: it counted \"CNY\", and would count \"BED\": say the amount too");
  need.set_asset("CNY");
  CHECK(set({{amount, {"12"}}, {asset, {"BED"}}}).empty());
  CHECK(need.amount() == 12);
  CHECK(set({{asset, {""}}, {amount, {""}}}).empty());
  CHECK(need.amount() == 0);
  CHECK(set({{amount, {"1"}}}) == "of which asset?");
  CHECK(set({{people, {"many"}}}) == "people: \"many\" is not a whole number");
}

TEST_CASE("a field of a kind that no register has is told as the program's own fault") {
  v1::ImportSource source;
  const Status status = model::SetField(&source, Field(source, "first_row"), {"1"});
  CHECK(status.code() == absl::StatusCode::kInternal);
  CHECK(status.message() == "a field of a kind that nobody writes: first_row");
}

TEST_CASE("usual values go where nothing was stated, and what a statement makes void is emptied") {
  v1::RegisterParty party;
  party.set_parent("ministry");
  Need(model::FillUsual(&party, {&Field(party, "parent")}, "root"));
  CHECK(party.parent() == "ministry");
  CHECK(party.role() == v1::ROLE_HOLDER);
  party.clear_parent();
  Need(model::FillUsual(&party, {&Field(party, "role")}, "root"));
  CHECK(party.parent() == "root");

  party.set_role_inferred(true);
  model::EmptyVoid(&party, {&Field(party, "name")});
  CHECK(party.role_inferred());
  model::EmptyVoid(&party, {&Field(party, "role"), &Field(party, "role_inferred")});
  CHECK(party.role_inferred());
  model::EmptyVoid(&party, {&Field(party, "role")});
  CHECK_FALSE(party.role_inferred());
}

TEST_CASE("names with dashes") {
  CHECK(model::Dashed("valid_from") == "valid-from");
  CHECK(model::Dashed("RED_CROSS") == "red-cross");
  CHECK(model::Dashed("id") == "id");
  CHECK(model::Dashed("") == "");
}

}  // namespace
}  // namespace fundtrail::testing
