// The words of enums: they are what people and their files say, so none that was ever there may change.
#include "ledger/model/enum_word.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "fundtrail/v1/copy.pb.h"
#include "fundtrail/v1/refusal.pb.h"
#include "fundtrail/v1/service.pb.h"
#include "fundtrail/v1/storage.pb.h"
#include "fundtrail/v1/verdict.pb.h"
#include "google/protobuf/descriptor.h"
#include "ledger/model/protobuf_json.h"

namespace fundtrail::testing {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FileDescriptor;

void AddEnums(const Descriptor& of, std::vector<const EnumDescriptor*>* enums) {
  for (int i = 0; i < of.enum_type_count(); ++i) enums->push_back(of.enum_type(i));
  for (int i = 0; i < of.nested_type_count(); ++i) AddEnums(*of.nested_type(i), enums);
}

// Of every file in proto/.
std::vector<const EnumDescriptor*> AllEnums() {
  // So that the linker leaves no file out.
  for (const Descriptor* const one :
       {v1::TraceRequest::descriptor(), v1::AttestationRow::descriptor(), v1::ArchiveAnswer::descriptor(),
        v1::Refusal::descriptor(), v1::VerifyAnswer::descriptor()})
    CHECK(one->file()->package() == "fundtrail.v1");
  std::vector<const EnumDescriptor*> enums;
  for (const auto& file : std::filesystem::directory_iterator(FUNDTRAIL_SOURCE_DIR "/proto/fundtrail/v1")) {
    const std::string name = absl::StrCat("fundtrail/v1/", file.path().filename().string());
    INFO(name << " is linked into this test");
    const FileDescriptor* const of = google::protobuf::DescriptorPool::generated_pool()->FindFileByName(name);
    REQUIRE(of != nullptr);
    for (int i = 0; i < of->enum_type_count(); ++i) enums.push_back(of->enum_type(i));
    for (int i = 0; i < of->message_type_count(); ++i) AddEnums(*of->message_type(i), &enums);
  }
  return enums;
}

// "RegisterParty.Kind"
std::string NameOf(const EnumDescriptor& of) {
  return of.full_name().substr(of.file()->package().size() + 1);
}

TEST_CASE("each value of an enum has a word of its own, and the word means it") {
  const auto enums = AllEnums();
  CHECK(enums.size() > 50);
  for (const EnumDescriptor* const of : enums) {
    std::set<std::string> words;
    for (int i = 0; i < of->value_count(); ++i) {
      const auto& value = *of->value(i);
      INFO(value.full_name());
      const std::string word(model::WordOf(value));
      CHECK_FALSE(word.empty());
      CHECK(words.insert(word).second);
      CHECK(model::ValueOfWord(*of, word) == &value);
      CHECK(model::WordOf(*of, value.number()) == word);
      // What has a prefix in the schema is read by its word alone.
      if (word != value.name()) CHECK(model::ValueOfWord(*of, value.name()) == nullptr);
    }
    CHECK(model::WordOf(*of, 1'000'000).empty());
    CHECK(model::ValueOfWord(*of, "") == nullptr);
    CHECK(model::ValueOfWord(*of, "NO_SUCH_WORD") == nullptr);
  }
}

// "NEED_STATE_" for NeedState.
std::string PrefixOf(const EnumDescriptor& of) {
  std::string prefix;
  for (const char letter : of.name()) {
    if (absl::ascii_isupper(static_cast<unsigned char>(letter)) && !prefix.empty()) prefix += '_';
    prefix += absl::ascii_toupper(static_cast<unsigned char>(letter));
  }
  return prefix + "_";
}

TEST_CASE("each value of an enum begins with the enum's name, and its word does not") {
  for (const EnumDescriptor* const of : AllEnums()) {
    const std::string prefix = PrefixOf(*of);
    for (int i = 0; i < of->value_count(); ++i) {
      const auto& value = *of->value(i);
      INFO(value.full_name() << " begins with " << prefix);
      REQUIRE(value.name().rfind(prefix, 0) == 0);
      const std::string rest = value.name().substr(prefix.size());
      const bool says_nothing = value.number() == 0 && rest == "UNSPECIFIED";
      CHECK(model::WordOf(value) == (says_nothing ? value.name() : rest));
    }
  }
}

TEST_CASE("words and their numbers stay what they were") {
  std::vector<std::string> lines;
  for (const EnumDescriptor* const of : AllEnums())
    for (int i = 0; i < of->value_count(); ++i)
      lines.push_back(absl::StrCat(NameOf(*of), " ", of->value(i)->number(), " ",
                                   std::string(model::WordOf(*of->value(i)))));
  std::ifstream file(FUNDTRAIL_GOLDEN "/enum-words.txt");
  std::set<std::string> known;
  for (std::string line; std::getline(file, line);) known.insert(line);
  CHECK(known.size() > 400);
  for (const std::string& line : lines) {
    INFO("a value that is new needs this line in tests/golden/enum-words.txt: " << line);
    CHECK(known.erase(line) == 1);
  }
  for (const std::string& line : known) {
    INFO("nothing has this word and number any more: " << line);
    CHECK(false);
  }
}

TEST_CASE("a word of another enum, or in small letters, is none") {
  v1::TransferKind kind = v1::TRANSFER_KIND_EXCHANGE;
  CHECK(model::ReadWord("DONATION", &kind));
  CHECK(kind == v1::TRANSFER_KIND_DONATION);
  for (const char* wrong : {"donation", "DONATION ", "HOLDER", "", "2"}) {
    INFO(wrong);
    CHECK_FALSE(model::ReadWord(wrong, &kind));
    CHECK(kind == v1::TRANSFER_KIND_DONATION);
  }
  CHECK(model::WordOf(static_cast<v1::TransferKind>(99)).empty());
}

TEST_CASE("entries in JSON have words, and are read with words or with names of the schema") {
  v1::Entry entry;
  auto& transfer = *entry.add_actions()->mutable_transfer();
  transfer.set_from("DONATION");  // a text that is no enum's stays
  transfer.set_kind(v1::TRANSFER_KIND_DONATION);
  transfer.set_stage(v1::STAGE_COMMITTED);
  auto& grant = *entry.add_actions()->mutable_authorise_key();
  grant.add_permissions(v1::PERMISSION_PAY);
  grant.add_permissions(v1::PERMISSION_APPROVE);
  entry.add_actions()->mutable_register_party()->set_kind(v1::RegisterParty::KIND_RED_CROSS);
  const auto json = model::ProtobufJson(entry, model::JsonFields::kSaid);
  REQUIRE(json.ok());
  for (const char* part : {"\"kind\": \"DONATION\"", "\"stage\": \"COMMITTED\"", "\"from\": \"DONATION\"",
                           "\"PAY\"", "\"APPROVE\"", "\"kind\": \"RED_CROSS\""}) {
    INFO(part);
    CHECK(json->find(part) != std::string::npos);
  }
  v1::Entry read;
  REQUIRE(model::ReadProtobufJson(*json, &read).ok());
  CHECK(read.SerializeAsString() == entry.SerializeAsString());

  // As protobuf reads it: either kind of quotes, keys without them, names in camel case, numbers, names of the schema.
  const std::string name =
      v1::TransferKind_descriptor()->FindValueByNumber(v1::TRANSFER_KIND_DONATION)->name();
  for (const std::string& other :
       {R"({"actions":[{"transfer":{"kind":"DONATION","toFund":"RETURN"}}]})" + std::string(),
        R"({'actions' : [ { 'transfer' : { 'toFund':'RETURN', 'kind' : 'DONATION' } } ] })" + std::string(),
        R"({actions:[{transfer:{kind:"DONATION", to_fund: "RETURN"}}]})" + std::string(),
        R"({"actions":[{"transfer":{"kind":2,"toFund":"RETURN"}}]})" + std::string(),
        R"({"actions":[{"transfer":{"to_fund":"RETURN","kind":")" + name + "\"}}]}"}) {
    INFO(other);
    v1::Entry one;
    REQUIRE(model::ReadProtobufJson(other, &one).ok());
    CHECK(one.actions(0).transfer().kind() == v1::TRANSFER_KIND_DONATION);
    CHECK(one.actions(0).transfer().to_fund() == "RETURN");
  }
  for (const char* wrong :
       {R"({"actions":[{"transfer":{"kind":"donation"}}]})",
        R"({"actions":[{"transfer":{"kind":"HOLDER"}}]})", R"({"actions":[{"transfer":{"kind":"DONATION)",
        R"({"actions":[{"transfer":{"kind":"DONATION\)", "}}}}", "\"", ""}) {
    INFO(wrong);
    v1::Entry one;
    CHECK(model::ReadProtobufJson(wrong, &one).code() == absl::StatusCode::kInvalidArgument);
  }
}

}  // namespace
}  // namespace fundtrail::testing
