// What messages name, those that no entry holds among them.
#include "ledger/books/references.h"

#include <catch2/catch.hpp>

#include "fundtrail/v1/record.pb.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/descriptor.pb.h"
#include "google/protobuf/dynamic_message.h"
#include "google/protobuf/text_format.h"

namespace fundtrail::testing {
namespace {

TEST_CASE("a message that stands in no entry names what the forms of its fields say, or nothing") {
  v1::Record record;
  record.mutable_signed_entry()->set_entry("bytes");
  CHECK(books::AllNamed(record).empty());
  CHECK(books::AllNamed(v1::RegisterRow()).empty());

  google::protobuf::DescriptorPool pool(google::protobuf::DescriptorPool::generated_pool());
  google::protobuf::FileDescriptorProto file;
  REQUIRE(google::protobuf::TextFormat::ParseFromString(
      "name: 'other.proto' syntax: 'proto3' dependency: 'fundtrail/v1/entry.proto' message_type { name: "
      "'Other' "
      "field { name: 'who' number: 1 type: TYPE_STRING label: LABEL_OPTIONAL "
      "options { [fundtrail.v1.form] { shape: SHAPE_ID refers_to: 'party' } } } "
      "field { name: 'what' number: 2 type: TYPE_STRING label: LABEL_OPTIONAL } "
      "field { name: 'inside' number: 3 type: TYPE_MESSAGE type_name: 'Other' label: LABEL_REPEATED } }",
      &file));
  const auto* const built = pool.BuildFile(file);
  REQUIRE(built != nullptr);
  google::protobuf::DynamicMessageFactory factory(&pool);
  const std::unique_ptr<google::protobuf::Message> other(factory.GetPrototype(built->message_type(0))->New());
  REQUIRE(google::protobuf::TextFormat::ParseFromString(
      "who: 'a' what: 'b' inside { who: 'c' inside { who: 'd' } }", other.get()));
  std::string named;
  for (const auto& [of, id] : books::AllNamed(*other)) named += std::string(of->name) + " " + id + ", ";
  CHECK(named == "party a, party c, party d, ");
}

}  // namespace
}  // namespace fundtrail::testing
