// See by_type.h.
#include "ledger/model/by_type.h"

#include <algorithm>

#include "fundtrail/v1/entry.pb.h"

namespace fundtrail::model {

const std::vector<const google::protobuf::Descriptor*>& TypesInEntries() {
  static const std::vector<const google::protobuf::Descriptor*> types = [] {
    std::vector<const google::protobuf::Descriptor*> found{v1::Entry::descriptor()};
    // It grows while it is walked.
    for (std::size_t at = 0; at < found.size(); ++at) {
      const google::protobuf::Descriptor& type = *found[at];
      for (int i = 0; i < type.field_count(); ++i) {
        const auto* const inside = type.field(i)->message_type();
        if (inside != nullptr && std::find(found.begin(), found.end(), inside) == found.end())
          found.push_back(inside);
      }
    }
    return found;
  }();
  return types;
}

}  // namespace fundtrail::model
