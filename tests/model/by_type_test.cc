// What is found out once of each type of message in entries.
#include "ledger/model/by_type.h"

#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "fundtrail/v1/record.pb.h"
#include "ledger/model/attestation_table.h"
#include "ledger/model/register_table.h"

namespace fundtrail::testing {
namespace {

using google::protobuf::Descriptor;

TEST_CASE("each type of message that may stand in an entry is there once") {
  const auto& types = model::TypesInEntries();
  const std::set<const Descriptor*> once(types.begin(), types.end());
  CHECK(once.size() == types.size());
  CHECK(types.front() == v1::Entry::descriptor());
  for (const Descriptor* type :
       {v1::Action::descriptor(), v1::Transfer::descriptor(), v1::TransferRef::descriptor()})
    CHECK(once.count(type) == 1);
  for (const model::Register& of : model::Registers()) CHECK(once.count(&model::ItemDescriptor(of)) == 1);
  for (const model::Attestation& of : model::Attestations())
    CHECK(once.count(model::ActionField(of).message_type()) == 1);
  for (const Descriptor* type : types) {
    for (int i = 0; i < type->field_count(); ++i) {
      INFO(type->field(i)->full_name());
      if (type->field(i)->message_type() != nullptr) CHECK(once.count(type->field(i)->message_type()) == 1);
    }
  }
  CHECK(once.count(v1::Record::descriptor()) == 0);
}

int asked = 0;

std::string NameOf(const Descriptor& type) {
  ++asked;
  return type.name();
}

TEST_CASE("what is known of a type in entries is found out once, and of any other each time") {
  asked = 0;
  const model::ByType<std::string> names(NameOf);
  const int once = static_cast<int>(model::TypesInEntries().size());
  CHECK(asked == once);
  const auto name = [&](const google::protobuf::Message& message) {
    return names.With(message, [](const std::string& text) { return text + "!"; });
  };
  for (int i = 0; i < 3; ++i) CHECK(name(v1::Transfer()) == "Transfer!");
  CHECK(asked == once);
  CHECK(name(v1::Record()) == "Record!");
  CHECK(name(v1::Record()) == "Record!");
  CHECK(asked == once + 2);
}

}  // namespace
}  // namespace fundtrail::testing
