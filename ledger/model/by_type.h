// What a walk through messages must know of each type of message. An import and a replay walk through millions of messages: of each
// type that stands in entries it is found out once.
#pragma once

#include <unordered_map>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace fundtrail::model {

// Entry, and the type of each message that may stand inside one, at any depth. Each stands once.
const std::vector<const google::protobuf::Descriptor*>& TypesInEntries();

// What `find_out` says of each type. Made once, as a `static const` of the function that asks; then safe on many threads.
template <typename What>
class ByType {
 public:
  using FindOut = What (*)(const google::protobuf::Descriptor& type);

  explicit ByType(FindOut find_out) : find_out_(find_out) {
    for (const auto* const type : TypesInEntries()) known_.emplace(type, find_out(*type));
  }

  // What `use` makes of what is known of the message's type. Of a type that stands in no entry it is found out at each call.
  template <typename Use>
  auto With(const google::protobuf::Message& message, const Use& use) const {
    const auto* const type = message.GetDescriptor();
    const auto found = known_.find(type);
    return found != known_.end() ? use(found->second) : use(find_out_(*type));
  }

 private:
  FindOut find_out_;
  std::unordered_map<const google::protobuf::Descriptor*, What> known_;
};

}  // namespace fundtrail::model
