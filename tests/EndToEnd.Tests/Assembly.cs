using System.Runtime.Versioning;

// Two cores carry one scenario at a time.
[assembly: NonParallelizable]
[assembly: SupportedOSPlatform("linux")]
