// Short words for notices and calls, with no more in each than the rules ask for.
#pragma once

#include <string>
#include <vector>

#include "tests/support/entries.h"

namespace fundtrail::testing {

// It stands on a board for 10 days; its owner takes complaints.
inline v1::Action Notice(const std::string& id, const std::string& owner, const std::string& place,
                         v1::Announce::Kind kind = v1::Announce::KIND_PLAN,
                         const std::string& from = "2026-11-01") {
  v1::Action action;
  auto* notice = action.mutable_announce();
  notice->set_id(id);
  notice->set_name("Notice " + id);
  notice->set_owner(owner);
  notice->set_kind(kind);
  notice->add_places(place);
  notice->add_channels()->set_kind(v1::NoticeChannel::KIND_BOARD);
  notice->set_from(from);
  notice->set_days(10);
  notice->set_complaints_to(owner);
  return action;
}

inline v1::Action WithWay(v1::Action call, v1::Way::Kind kind, const std::string& what) {
  auto* way = call.mutable_announce()->add_ways();
  way->set_kind(kind);
  way->set_what(what);
  return call;
}
// For money.
inline v1::Action Call(const std::string& id, const std::string& owner, const std::string& place,
                       const std::string& from = "2026-11-01") {
  return WithWay(Notice(id, owner, place, v1::Announce::KIND_CALL, from), v1::Way::KIND_MONEY,
                 "Coats for a class");
}

inline v1::Action ForNeed(v1::Action notice, const std::string& need) {
  notice.mutable_announce()->add_needs(need);
  return notice;
}
inline v1::Action ForProject(v1::Action notice, const std::string& project) {
  notice.mutable_announce()->add_projects(project);
  return notice;
}
inline v1::Action ForDays(v1::Action notice, std::uint32_t days) {
  notice.mutable_announce()->set_days(days);
  return notice;
}

}  // namespace fundtrail::testing
