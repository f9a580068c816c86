namespace Hype.Cli.Access;

/// <summary>What was asked for cannot be meant; the message says what can.</summary>
internal sealed class WrongUsageException(string message) : Exception(message);
