using System.Runtime.Versioning;

// All tests share one cluster: one fault at a time.
[assembly: NonParallelizable]
[assembly: SupportedOSPlatform("linux")]
