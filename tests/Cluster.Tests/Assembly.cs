using System.Runtime.Versioning;

// One cluster, one fault at a time.
[assembly: NonParallelizable]
[assembly: SupportedOSPlatform("linux")]
