/* SPDX-License-Identifier: Apache-2.0 */

/* Every type of the stubs, for tests that must hold for each of them. */

#pragma once

#include "nebula_thrift_graph_service.h"

typedef GType (*StubType) (void);

static const StubType stub_structs[] = {
  nebula_thrift_date_get_type,
  nebula_thrift_time_get_type,
  nebula_thrift_date_time_get_type,
  nebula_thrift_value_get_type,
  nebula_thrift_n_list_get_type,
  nebula_thrift_n_map_get_type,
  nebula_thrift_n_set_get_type,
  nebula_thrift_row_get_type,
  nebula_thrift_data_set_get_type,
  nebula_thrift_coordinate_get_type,
  nebula_thrift_point_get_type,
  nebula_thrift_line_string_get_type,
  nebula_thrift_polygon_get_type,
  nebula_thrift_geography_get_type,
  nebula_thrift_tag_get_type,
  nebula_thrift_vertex_get_type,
  nebula_thrift_edge_get_type,
  nebula_thrift_step_get_type,
  nebula_thrift_path_get_type,
  nebula_thrift_duration_get_type,
  nebula_thrift_profiling_stats_get_type,
  nebula_thrift_plan_node_branch_info_get_type,
  nebula_thrift_pair_get_type,
  nebula_thrift_plan_node_description_get_type,
  nebula_thrift_plan_description_get_type,
  nebula_thrift_execution_response_get_type,
  nebula_thrift_auth_response_get_type,
  nebula_thrift_verify_client_version_resp_get_type,
  nebula_thrift_verify_client_version_req_get_type,
  nebula_thrift_graph_service_authenticate_args_get_type,
  nebula_thrift_graph_service_authenticate_result_get_type,
  nebula_thrift_graph_service_signout_args_get_type,
  nebula_thrift_graph_service_execute_args_get_type,
  nebula_thrift_graph_service_execute_result_get_type,
  nebula_thrift_graph_service_execute_with_parameter_args_get_type,
  nebula_thrift_graph_service_execute_with_parameter_result_get_type,
  nebula_thrift_graph_service_execute_json_args_get_type,
  nebula_thrift_graph_service_execute_json_result_get_type,
  nebula_thrift_graph_service_execute_json_with_parameter_args_get_type,
  nebula_thrift_graph_service_execute_json_with_parameter_result_get_type,
  nebula_thrift_graph_service_verify_client_version_args_get_type,
  nebula_thrift_graph_service_verify_client_version_result_get_type,
};

static const StubType stub_interfaces[] = {
  nebula_thrift_graph_service_if_get_type,
};
