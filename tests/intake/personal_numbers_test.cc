// Numbers of persons in what is to be signed: what is found, what is not, and that real lists have none.
#include "ledger/intake/personal_numbers.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "ledger/model/refusal.h"
#include "ledger/sheets/csv.h"
#include "tests/support/entries.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

using intake::FindPersonalNumber;
using intake::PersonalNumber;

std::string Found(const std::string& text) {
  const auto kind = FindPersonalNumber(text);
  return kind.has_value() ? intake::NameOf(*kind) : "nothing";
}

TEST_CASE("identity, bank-card and mobile numbers are found, however they are written") {
  for (const char* text :
       {"11010519491231002X", "11010519491231002x", "身份证号：11010519491231002X。", "110105 19491231 002X",
        "110105-19491231-002X", "(11010519491231002X)", "１１０１０５１９４９１２３１００２Ｘ"}) {
    INFO(text);
    CHECK(Found(text) == "an identity number");
  }
  for (const char* text : {"4111111111111111", "卡号4111 1111 1111 1111", "4111-1111-1111-1111",
                           "6222021234567890128", "6222 0212 3456 7890 128", "378282246310005"}) {
    INFO(text);
    CHECK(Found(text) == "a bank-card number");
  }
  for (const char* text : {"13812345678", "电话13812345678。", "tel 138-1234-5678", "138 1234 5678",
                           "+86 138 1234 5678", "+8613812345678", "8613812345678", "008613812345678",
                           "1３８12345678", "138 12345678", "paid on 2026-01-02, ask 19912345678"}) {
    INFO(text);
    CHECK(Found(text) == "a mobile number");
  }
}

TEST_CASE("what only looks like such a number is not found") {
  for (const char* text : {
           "110105194912310021",  // another check digit
           "110105194913310020",  // no month
           "990105194912310020",  // no province
           "411111111111111",     // too short for its kind
           "4111111111111112",    // another check digit
           "9999999999999995",    // begins as no card
           "A4111111111111111",   // a part of an id
           "id_13812345678",      //
           "13812345678.50",      // an amount
           "1,13812345678",       //
           "15000000000",         // a round sum
           "12812345678",         // no such mobile number
           "138123456789",        // twelve digits
           "2020-138-1234-5678",  // the number of a document
           "138/1234/5678",       //
           "138 12 345678",       // grouped as none is
           "1 3 8 1 2 3 4 5 6 7 8", "gbt2260:520521", "",
       }) {
    INFO(text);
    CHECK(Found(text) == "nothing");
  }
}

// Most texts have too few digits in one place to be looked at closely. Behind one that has enough, and is no number, each is.
TEST_CASE("what a text holds is the same beside digits that have it looked at closely") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  const std::vector<std::string> parts = {"1",      "3",      "138",    "1234",   "5678", "4111", "19491231",
                                          "110105", "002",    "X",      "８",     "０",   " ",    "-",
                                          "－",     "\u2013", "\u3000", "\u00a0", ".",    "/",    "a",
                                          "号",     "：",     "86",     "0086",   "+",    "０"};
  int found = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (std::uint64_t n = random() % 9; n > 0; --n) text += parts[random() % parts.size()];
    INFO(text);
    CHECK(Found(text) == Found(text + "。00000000000"));
    found += Found(text) == "nothing" ? 0 : 1;
  }
  CHECK(found > 10);
}

// ISO 7064 MOD 11-2 in its recursive form, as the standard defines it: another way than the weights.
char CheckDigit(const std::string& digits) {
  int p = 0;
  for (const char digit : digits) p = (p + (digit - '0')) * 2 % 11;
  const int check = (12 - p) % 11;
  return check == 10 ? 'X' : static_cast<char>('0' + check);
}

TEST_CASE(
    "of every number with a province and a day, the one with the right check digit is an identity number") {
  std::mt19937 random(20'260'101);
  for (int round = 0; round < 200; ++round) {
    const auto draw = [&](int from, int to) {
      return std::to_string(std::uniform_int_distribution(from, to)(random));
    };
    const std::string digits =
        "52" + draw(1000, 9999) + draw(1900, 2025) + "0" + draw(1, 9) + draw(10, 28) + draw(100, 999);
    const char right = CheckDigit(digits);
    for (const char check : std::string("0123456789X")) {
      INFO(digits << check);
      CHECK(intake::HoldsIdentityNumber(digits + check) == (check == right));
    }
  }
}

TEST_CASE("real lists hold no such number by chance") {
  const std::string examples = std::string(FUNDTRAIL_SOURCE_DIR) + "/examples/";
  std::size_t cells = 0;
  for (const char* file :
       {"fts-afghanistan/flows.csv", "fts-afghanistan/projects.csv", "fts-afghanistan/needs.csv",
        "fts-afghanistan/requirements.csv", "ethiopia-presence/presence_2025-08.csv",
        "ethiopia-presence/et-deployments.csv", "ethiopia-presence/et-places.csv"}) {
    std::ifstream in(examples + file, std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    auto reader = Need(sheets::CsvReader::Open(text, ',', sheets::Cells::kRaw));
    sheets::CsvRecord record;
    while (reader.Next(&record)) {
      for (const std::string& cell : record.fields) {
        ++cells;
        if (!FindPersonalNumber(cell).has_value()) continue;
        INFO(file << " line " << record.line);
        CHECK(Found(cell) == "nothing");
      }
    }
  }
  CHECK(cells > 50'000);
}

TEST_CASE("all texts of an entry are looked through, and of ids only for identity numbers") {
  const std::string phone = "13812345678", identity = "11010519491231002X", card = "4111111111111111";
  const auto at = [](const v1::Entry& entry) {
    const auto found = FindPersonalNumber(entry);
    return found.has_value() ? found->field : "nothing";
  };
  v1::Entry entry;
  entry.set_memo("ask " + phone);
  CHECK(at(entry) == "memo");
  entry.clear_memo();
  entry.add_documents()->set_title(phone);
  CHECK(at(entry) == "documents[0].title");
  entry.clear_documents();
  entry.mutable_source()->set_name(phone + ".csv");  // the name of a file is the importer's to choose
  CHECK(at(entry) == "nothing");

  auto* transfer = entry.add_actions()->mutable_transfer();
  transfer->set_from("donor");
  transfer->set_to("village");
  transfer->set_purpose("for " + phone);
  CHECK(at(entry) == "actions[0].transfer.purpose");
  transfer->set_purpose("coats");
  transfer->set_project_words(card);
  CHECK(at(entry) == "actions[0].transfer.project_words");
  transfer->clear_project_words();
  transfer->set_reference("flows.csv:12 " + card);
  CHECK(at(entry) == "nothing");
  transfer->set_reference("flows.csv:12 " + identity);
  CHECK(at(entry) == "actions[0].transfer.reference");
  transfer->clear_reference();

  v1::Action* action = entry.add_actions();
  *action = Party("hh-1", "county", v1::ROLE_RECIPIENT);
  action->mutable_amends()->set_reason("his number is " + phone);
  CHECK(at(entry) == "actions[1].amends.reason");
  action->clear_amends();
  auto* party = action->mutable_register_party();
  party->set_name("Li Si " + phone);
  CHECK(at(entry) == "actions[1].register_party.name");
  party->set_name("household");
  party->set_id(phone);  // an id may be a number
  CHECK(at(entry) == "nothing");
  party->set_id(identity);
  CHECK(at(entry) == "actions[1].register_party.id");
  party->set_id("hh-1");
  auto* other = party->add_alternative_ids();
  other->set_scheme("register");
  other->set_id(card);
  CHECK(at(entry) == "nothing");
  other->set_id(identity);
  CHECK(at(entry) == "actions[1].register_party.alternative_ids[0].id");
  party->clear_alternative_ids();
  auto* commitment = party->add_commitments();
  commitment->set_field("phone");
  commitment->set_hash(std::string(64, '1'));
  CHECK(at(entry) == "nothing");
  entry.add_actions()->mutable_end_item()->set_id(identity);  // of an item that is there already
  CHECK(at(entry) == "nothing");
  entry.add_actions()->mutable_respond_concern()->set_words("call " + phone);
  CHECK(at(entry) == "actions[3].respond_concern.words");
}

TEST_CASE("what is said names the field and the kind, and never the number") {
  v1::Entry entry;
  entry.add_actions()->mutable_transfer()->set_purpose("for 13812345678");
  const Status told = intake::TellPersonalNumber(FindPersonalNumber(entry));
  CHECK(told.code() == absl::StatusCode::kInvalidArgument);
  CHECK_FALSE(model::RefusalOf(told).has_value());
  CHECK_THAT(std::string(told.message()),
             Contains("actions[0].transfer.purpose holds what reads as a mobile number"));
  CHECK_THAT(std::string(told.message()), !Contains("1381234"));
  const Status refused = intake::RefusePersonalNumber(FindPersonalNumber(entry));
  CHECK(Verdict(refused) == "FIELD_INVALID at actions[0].transfer.purpose");
  CHECK_THAT(model::RefusalOf(refused)->sentence(), !Contains("1381234"));
  CHECK(intake::TellPersonalNumber(FindPersonalNumber(v1::Entry())).ok());
  CHECK(intake::RefusePersonalNumber(FindPersonalNumber(v1::Entry())).ok());
}

}  // namespace
}  // namespace fundtrail::testing
