using System.Runtime.Versioning;

// Two cores are enough for one scenario at a time.
[assembly: NonParallelizable]
[assembly: SupportedOSPlatform("linux")]
