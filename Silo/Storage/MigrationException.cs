namespace Hype.Silo.Storage;

/// <summary>The database's history is not that of these scripts. The message is for the operator.</summary>
internal sealed class MigrationException(string message) : Exception(message);
