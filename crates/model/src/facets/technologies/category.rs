//! What follows from what a technology is for.

use super::facts::technology::{Category, Quadrant};

impl Category {
    /// The quarter of a radar in which its technologies stand. Long because it names each, so that a new one must be put somewhere.
    pub fn quadrant(self) -> Quadrant {
        use Category as C;
        match self {
            C::Language | C::Runtime | C::FrontendFramework | C::BackendFramework | C::MobileFramework | C::Orm => {
                Quadrant::Languages
            }
            C::RelationalDatabase
            | C::DocumentDatabase
            | C::KeyValueStore
            | C::WideColumnDatabase
            | C::GraphDatabase
            | C::TimeSeriesDatabase
            | C::AnalyticsDatabase
            | C::VectorDatabase
            | C::Cache
            | C::SearchEngine
            | C::ObjectStorage
            | C::LocalFirst
            | C::MessageQueue
            | C::EventStream
            | C::WorkflowEngine
            | C::DataPipeline
            | C::Cloud
            | C::Serverless
            | C::ContainerHosting
            | C::Orchestration
            | C::ContainerEngine
            | C::Edge
            | C::WebAssembly
            | C::VirtualMachine
            | C::OperatingSystem
            | C::HostingPlatform
            | C::Cdn
            | C::LoadBalancer
            | C::ApiGateway
            | C::ServiceMesh
            | C::Dns
            | C::Identity
            | C::Secrets
            | C::Payment
            | C::Email
            | C::MessagingService
            | C::ModelApi
            | C::MachineLearning
            | C::Autoscaling => Quadrant::Platforms,
            C::Metrics
            | C::Logs
            | C::Tracing
            | C::Apm
            | C::ErrorTracking
            | C::Dashboards
            | C::Alerting
            | C::ProductAnalytics
            | C::FeatureFlags
            | C::ContentManagement
            | C::Ci
            | C::InfrastructureAsCode
            | C::ConfigurationManagement
            | C::PackageRegistry
            | C::LoadTesting
            | C::TestFramework
            | C::BuildTool
            | C::CostManagement
            | C::CodeQuality => Quadrant::Tools,
            C::Protocol | C::DataFormat | C::ApiStyle | C::Technique => Quadrant::Techniques,
        }
    }

    /// Whether a system is expected to have one technology of it, so that a second is asked about. There are many languages, and
    /// rules of their own for them; and what works beside others of its sort is no second answer to the same question.
    pub fn is_one_purpose(self) -> bool {
        use Category as C;
        !matches!(
            self,
            C::Language
                | C::Runtime
                | C::Cloud
                | C::OperatingSystem
                | C::DataPipeline
                | C::LocalFirst
                | C::MachineLearning
                | C::MessagingService
                | C::TestFramework
                | C::BuildTool
                | C::PackageRegistry
                | C::CodeQuality
                | C::CostManagement
                | C::Protocol
                | C::DataFormat
                | C::ApiStyle
                | C::Technique
        )
    }

    /// Whether it is something that one takes in, and no way of building, speaking or writing.
    pub fn is_product(self) -> bool {
        use Category as C;
        !matches!(self, C::Protocol | C::DataFormat | C::ApiStyle | C::Technique)
    }

    /// Whether one runs the code of others: a platform, unless it says of which other platform it is.
    pub fn is_platform(self) -> bool {
        matches!(self, Category::Serverless | Category::ContainerHosting | Category::Orchestration)
    }

    /// Whether one says which version of it is meant: what is installed somewhere has one.
    pub fn has_versions(self) -> bool {
        use Category as C;
        !matches!(
            self,
            C::Cloud
                | C::Protocol
                | C::DataFormat
                | C::ApiStyle
                | C::Technique
                | C::PackageRegistry
                | C::CostManagement
                | C::Serverless
                | C::Edge
                | C::VirtualMachine
                | C::HostingPlatform
                | C::ContainerHosting
        )
    }
}
