using System;

namespace CniPS.Node.Store;

/// <summary>The store can't tell any more what happened since a revision: everything has to be listed again.</summary>
internal sealed class HistoryLostException(string message) : Exception(message);
