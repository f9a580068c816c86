namespace Hype.Silo.Storage;

/// <summary>The database's history does not match these scripts. The message is for the operator.</summary>
internal sealed class MigrationException(string message) : Exception(message);
