// Every question to a ledger, asked with retries (client_retry.h), and the calls that send it an entry. All of the
// questions are those of server/questions.def.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "cli/client/connection.h"
#include "fundtrail/v1/service.pb.h"
#include "ledger/base/status.h"

namespace fundtrail::cli {

// A long answer as one: of a server, of so many bytes at most, as they are in memory.
inline constexpr std::size_t kMaxWhole = std::size_t{256} << 20;
inline constexpr std::size_t kMaxShort = std::size_t{64} << 20;  // of what is short
Status CountBytes(std::size_t more, std::size_t most_bytes, std::size_t* bytes);

// AskNAME: a question with one message as answer.
#define UNARY(NAME, REQUEST, ANSWER) \
  StatusOr<v1::ANSWER> Ask##NAME(Connection* connection, const v1::REQUEST& request);
// PagesOfNAME: a stream of pages, each given to `take`. It is asked again until the first of them is there: what was
// taken is not taken again. Each page may take the --timeout. WholeNAME: the same as one answer, where all of it is
// wanted at once. With kMaxShort, all of it may take the --timeout.
#define PAGES(NAME, REQUEST, ANSWER)                                                   \
  Status PagesOf##NAME(Connection* connection, const v1::REQUEST& request,             \
                       const std::function<Status(const v1::ANSWER&)>& take);          \
  StatusOr<v1::ANSWER> Whole##NAME(Connection* connection, const v1::REQUEST& request, \
                                   std::size_t most_bytes = kMaxWhole);
#include "server/questions.def"
#undef UNARY
#undef PAGES

// What the rules would make of an entry.
StatusOr<v1::Record> AskTry(Connection* connection, const v1::SubmitRequest& request);

// One attempt, for those who try again by themselves: to send an entry, and to read records, page by page.
StatusOr<v1::Receipt> SubmitOnce(Connection* connection, const v1::SubmitRequest& request);
Status ReadRecordsOnce(Connection* connection, const v1::RecordsRequest& request,
                       const std::function<Status(const v1::RecordsAnswer&)>& take);

// The ledger's name, from its checkpoint.
StatusOr<std::string> NameOf(Connection* connection);

// The proof of a record under the newest checkpoint that witnesses cosigned. When they have not come to the record:
// FAILED_PRECONDITION if it `must_be_cosigned`, else the proof under the latest.
StatusOr<v1::ProveAnswer> ProveRecord(Connection* connection, std::uint64_t record, bool must_be_cosigned);

}  // namespace fundtrail::cli
