// How a server stands, in numbers: for its log, its metrics, and its tests.
#pragma once

#include <cstdint>
#include <vector>

#include "ledger/copy/keeper_figures.h"
#include "ledger/net/http_listener.h"
#include "ledger/pipeline/answer_cache.h"
#include "ledger/pipeline/pipeline.h"
#include "ledger/replica/member.h"
#include "ledger/witness/witnesses.h"
#include "server/not_taken.h"
#include "server/timed_log.h"
#include "server/timed_store.h"

namespace fundtrail::server {

struct ServerStats {
  pipeline::PipelineCounts pipeline;
  WriteTimes writes;
  std::uint64_t questions_answered = 0, questions_failed = 0, questions_turned_away = 0;
  std::uint64_t connections = 0, connections_turned_away = 0, calls = 0;
  NotTaken not_taken{};
  std::uint64_t faults = 0;            // of this program, that calls ran into
  bool writable = true;                // entries are taken
  std::uint64_t records = 0;           // in the ledger
  std::uint64_t store_bytes = 0;       // of its files
  double last_record_seconds = 0;      // since 1970
  std::uint64_t cosigned_records = 0;  // of the checkpoint that witnesses cosigned
  net::HttpCounts http;
  pipeline::AnswerCacheCounts pages;  // over HTTP
  std::vector<witness::WitnessFigures> witnesses;
  copy::KeeperFigures copy;
  replica::MemberFigures member;
  LogTimes log;
};

}  // namespace fundtrail::server
