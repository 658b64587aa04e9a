// The message of a page of an answer, which is made again and again: in an arena where query/ fills it there, so that its many parts are
// allotted and freed at once.
#pragma once

#include <google/protobuf/arena.h>

#include <type_traits>

#include "fundtrail/v1/transfers.pb.h"
#include "server/arena_messages.h"

namespace fundtrail::server {

// What query/ moves into a page is copied where the page lies in an arena: lists alone fill it there.
template <typename Page>
inline constexpr bool kPagesInArena = std::is_same_v<Page, v1::ListAnswer>;

template <typename Page>
class PageMessage {
 public:
  // An empty page. The one before is gone.
  Page* Fresh() {
    if constexpr (kPagesInArena<Page>) {
      arena_.Reset();
      return google::protobuf::Arena::CreateMessage<Page>(&arena_);
    } else {
      page_ = Page();  // Clear() would keep what the largest parts of all pages took
      return &page_;
    }
  }

 private:
  struct None {};
  using Own = std::conditional_t<kPagesInArena<Page>, None, Page>;
  google::protobuf::Arena arena_{AnswerArena()};
  Own page_;
};

}  // namespace fundtrail::server
